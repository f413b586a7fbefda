import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type QueueName, QUEUES } from '../queues.js';
import { WorkPool } from '../work-pool.js';
import { type WorkCounts, WorkSources } from '../work-source.js';

export interface SourceState extends WorkCounts {
  readonly name: string;
}

export interface QueueState extends WorkCounts {
  readonly name: QueueName;
  readonly sources: readonly SourceState[];
}

/** What Postgres says about the queues, and whether there is a Redis that hands the work around. */
export interface QueuesState {
  readonly redis: 'not_configured' | 'up' | 'away';
  readonly queues: readonly QueueState[];
}

/** The work that waits, over all tenants: nothing but numbers. */
export class ListQueues extends Query<QueuesState> {}

@QueryHandler(ListQueues)
export class ListQueuesHandler implements IQueryHandler<ListQueues> {
  constructor(
    private readonly sources: WorkSources,
    private readonly pool: WorkPool,
  ) {}

  async execute(): Promise<QueuesState> {
    const counted = await Promise.all(
      this.sources.all().map(async (source) => ({
        queue: source.queue,
        state: { name: source.name, ...(await source.counts()) },
      })),
    );
    const queues = QUEUES.map((name) => {
      const sources = counted.filter(({ queue }) => queue === name).map(({ state }) => state);
      return { name, ...sumOf(sources), sources };
    });
    return { redis: this.redis(), queues };
  }

  private redis(): QueuesState['redis'] {
    if (!this.pool.shares) return 'not_configured';
    return this.pool.isUp ? 'up' : 'away';
  }
}

function sumOf(counts: readonly WorkCounts[]): WorkCounts {
  const sum = (state: keyof WorkCounts) => counts.reduce((total, each) => total + each[state], 0);
  return {
    waiting: sum('waiting'),
    active: sum('active'),
    delayed: sum('delayed'),
    failed: sum('failed'),
  };
}
