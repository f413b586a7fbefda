import type { WorkRef, WorkSource } from './work-source.js';

/**
 * Workers that many processes share. Without one each process works on what it claims itself; a pool
 * that is away, slow or has forgotten everything costs nothing but that.
 */
export abstract class WorkPool {
  /** Is there a pool at all, up or not? */
  abstract readonly shares: boolean;

  /** Is it there at this moment, as far as anybody can know? */
  abstract readonly isUp: boolean;

  /**
   * Gives rows to whoever is free, bounded in time; `false` when the pool did not take them. A row given twice is one entry.
   */
  abstract give(source: WorkSource, refs: readonly WorkRef[]): Promise<boolean>;

  /**
   * Lets a worker look for work of this name now, for a process that does none itself. Never waits,
   * never fails: without it the work begins a little later.
   */
  abstract wake(name: string): void;
}

/** No pool: every process serves itself. */
export class NoPool extends WorkPool {
  readonly shares = false;
  readonly isUp = false;

  give(): Promise<boolean> {
    return Promise.resolve(false);
  }

  wake(): void {
    // Every worker looks by itself.
  }
}
