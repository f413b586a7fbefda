import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Queue } from 'bull';
import { ReadinessChecks } from '../../observability/health/readiness-checks.js';
import type { QueueName } from '../queues.js';
import { WorkPool } from '../work-pool.js';
import { type WorkRef, type WorkSource, WorkSources } from '../work-source.js';
import { type QueueEntry, wakeEntry, workEntry } from './queue-entry.js';
import { RedisConnections } from './redis-connections.js';
import { within } from './within.js';

const PATIENCE_MS = 250;

/** Bull's queues by name. */
export class BullQueues extends Map<QueueName, Queue<QueueEntry>> {
  named(name: QueueName): Queue<QueueEntry> {
    const queue = this.get(name);
    if (!queue) throw new Error(`there is no queue ${name}`);
    return queue;
  }
}

/**
 * Workers that take rows from queues in Redis. Of each source one handful is under way at a time: a
 * Redis that does not answer is not asked again before it has.
 */
@Injectable()
export class BullPool extends WorkPool implements OnModuleInit {
  private readonly unanswered = new Set<string>();
  readonly shares = true;

  constructor(
    private readonly redis: RedisConnections,
    private readonly queues: BullQueues,
    private readonly sources: WorkSources,
    private readonly checks: ReadinessChecks,
  ) {
    super();
  }

  get isUp(): boolean {
    return this.redis.isUp;
  }

  onModuleInit(): void {
    this.checks.register({ name: 'redis', critical: false, check: () => this.check() });
  }

  async give({ name, queue }: WorkSource, refs: readonly WorkRef[]): Promise<boolean> {
    const added = this.add(name, queue, () => refs.map((ref) => workEntry(name, ref)));
    return within(PATIENCE_MS, added, false);
  }

  wake(name: string): void {
    const queue = this.sources.named(name)?.queue ?? 'payment-processing';
    void this.add(`wake ${name}`, queue, () => [wakeEntry(name)]);
  }

  /** Never rejects; may stay unanswered for as long as Redis does. */
  private async add(
    what: string,
    queue: QueueName,
    entries: () => ReturnType<typeof workEntry>[],
  ): Promise<boolean> {
    if (!this.isUp || this.unanswered.has(what)) return false;
    this.unanswered.add(what);
    try {
      const added = await this.queues.named(queue).addBulk(entries());
      // Redis refuses entry by entry, for instance when its memory is full.
      return added.every(({ id }) => Boolean(id));
    } catch (error) {
      this.redis.complain(error as Error);
      return false;
    } finally {
      this.unanswered.delete(what);
    }
  }

  private async check(): Promise<Readonly<Record<string, unknown>>> {
    if (!this.isUp) throw new Error('there is no connection to Redis');
    await this.redis.commands.ping();
    return {};
  }
}
