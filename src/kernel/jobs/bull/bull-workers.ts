import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Job, Queue } from 'bull';
import { CONFIG, type Config } from '../../config/index.js';
import { PeriodicTasks } from '../periodic.js';
import { WorkSources } from '../work-source.js';
import { BullQueues } from './bull-pool.js';
import { type QueueEntry, WAKE } from './queue-entry.js';
import { RedisConnections } from './redis-connections.js';
import { within } from './within.js';

/** How long Redis may take to hear that the last entries are done. */
const GOODBYE_MS = 1_000;

/**
 * Takes entries from the queues and works on the rows they name, in processes that do background
 * work. What it cannot do stays in Postgres, due, and is given again.
 */
@Injectable()
export class BullWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly redis: RedisConnections,
    private readonly queues: BullQueues,
    private readonly sources: WorkSources,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    for (const queue of this.queues.values()) {
      queue.on('error', (error) => {
        this.redis.complain(error);
      });
      if (this.config.role !== 'api') this.processAll(queue);
    }
  }

  /** Begins no row, awaits those begun, then leaves Redis; the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.running);
    const left = Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await within(GOODBYE_MS, left, undefined);
    this.redis.close();
  }

  private processAll(queue: Queue<QueueEntry>): void {
    queue
      .process('*', this.config.queues.concurrency, (job) => this.track(job))
      .catch((error: unknown) => {
        // It waits for Redis for ever, and gives up only when the process leaves.
        if (!this.stopping) this.redis.complain(error as Error);
      });
  }

  private async track(job: Job<QueueEntry>): Promise<void> {
    if (this.stopping) return;
    const work = this.work(job);
    this.running.add(work);
    await work.finally(() => this.running.delete(work));
  }

  private async work({ name, data }: Job<QueueEntry>): Promise<void> {
    const { source, tenantId, id, attempts = 0 } = data;
    if (name === WAKE) this.tasks.nudge(source);
    else if (tenantId && id) await this.sources.named(source)?.take({ tenantId, id, attempts });
  }
}
