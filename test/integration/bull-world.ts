import type { INestApplicationContext } from '@nestjs/common';
import { newId } from '../../src/kernel/ids.js';
import { type WorkRef, type WorkSource, WorkSources } from '../../src/kernel/jobs/index.js';
import { WorkPool } from '../../src/kernel/jobs/work-pool.js';

/** A row of work that exists in the test's imagination. */
export const someRow = (attempts = 0): WorkRef => ({ tenantId: newId(), id: newId(), attempts });

/**
 * A source that an application knows but does not poll, because it began without it: what is done
 * here came through Redis.
 */
export class Rows {
  readonly taken: WorkRef[] = [];
  /** What working on a row is. */
  work: (ref: WorkRef) => Promise<void> = () => Promise.resolve();

  readonly source: WorkSource = {
    name: 'rows of the test',
    queue: 'notifications',
    atOnce: 10,
    pass: () => Promise.resolve(0),
    due: () => Promise.resolve([]),
    take: async (ref) => {
      this.taken.push(ref);
      await this.work(ref);
    },
    counts: () => Promise.resolve({ waiting: 0, active: 0, delayed: 0, failed: 0 }),
  };

  constructor(private readonly app: INestApplicationContext) {
    app.get(WorkSources).add(this.source);
  }

  give(...refs: readonly WorkRef[]): Promise<boolean> {
    return this.app.get(WorkPool).give(this.source, refs);
  }
}
