import { Injectable } from '@nestjs/common';
import type { Uuid } from '../ids.js';
import type { QueueName } from './queues.js';

/** Names a row of waiting work: all that a queue ever carries. */
export interface WorkRef {
  readonly tenantId: Uuid;
  readonly id: Uuid;
  /** Earlier tries: a row that comes again is another entry of the queue. */
  readonly attempts: number;
}

/** How many rows of a queue wait, and how many need a human. */
export interface WorkCounts {
  readonly waiting: number;
  /** Claimed by a process right now. */
  readonly active: number;
  /** Resting after a failed try. */
  readonly delayed: number;
  readonly failed: number;
}

/**
 * Rows of work in Postgres and what is done with one of them. Postgres alone decides who works on a
 * row: a claim is a lease, so that whoever hands rows around may do so late, twice or not at all.
 */
export interface WorkSource {
  /** The name that `PeriodicTasks.nudge` knows. */
  readonly name: string;
  readonly queue: QueueName;
  /** Rows that a process works on at once. */
  readonly atOnce: number;
  /**
   * No pool gets its rows, every process claims its own by `pass`: for work that waits for others,
   * which would fill the places of a queue, or whose order is more than the oldest first.
   */
  readonly servesItself?: true;
  /**
   * Claims as many due rows as a process works on at once, works on them and answers how many;
   * with `overdueSeconds` only those that have been due that long.
   */
  pass(overdueSeconds?: number): Promise<number>;
  /** Rows that wait and are due, oldest first, unclaimed and left so. */
  due(limit: number): Promise<readonly WorkRef[]>;
  /** Claims this row and works on it; nothing when somebody else has it or it is done. */
  take(ref: WorkRef): Promise<void>;
  counts(): Promise<WorkCounts>;
}

/** Every source of work in this process. */
@Injectable()
export class WorkSources {
  private readonly byName = new Map<string, WorkSource>();

  /** Throws when the name is taken: a queue could not tell the two apart. */
  add(source: WorkSource): void {
    if (this.byName.has(source.name)) throw new Error(`two sources of work are ${source.name}`);
    this.byName.set(source.name, source);
  }

  all(): readonly WorkSource[] {
    return [...this.byName.values()];
  }

  named(name: string): WorkSource | undefined {
    return this.byName.get(name);
  }
}
