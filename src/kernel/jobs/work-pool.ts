import type { WorkRef, WorkSource } from './work-source.js';

/**
 * Workers that many processes share. Without one each process works on what it claims itself; a pool
 * that is away, slow or has forgotten everything costs nothing but that.
 */
export abstract class WorkPool {
  /** Is there a pool at all, up or not? */
  abstract readonly shares: boolean;

  /**
   * Gives rows to whoever is free, bounded in time; `false` when the pool did not take them. A row given twice is one entry.
   */
  abstract give(source: WorkSource, refs: readonly WorkRef[]): Promise<boolean>;
}

/** No pool: every process serves itself. */
export class NoPool extends WorkPool {
  readonly shares = false;

  give(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
