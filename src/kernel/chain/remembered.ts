/** A value that was read elsewhere, and how far it can be trusted. */
export interface Reading<T> {
  readonly value: T;
  readonly readAt: Date;
  /** Older than it should be: whoever was asked for a newer one has not answered. */
  readonly stale: boolean;
  /** The newest attempt to read it failed. */
  readonly failing: boolean;
}

export interface Remembering {
  /** How long a value is as good as new, milliseconds. */
  readonly freshMs: number;
  /** How long `get` waits for a new one, milliseconds; it goes on being read. */
  readonly patienceMs: number;
  /** How long nobody is asked after a failure, milliseconds. */
  readonly retryMs: number;
  /** Called at the first failure after a success, and at the first of all. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The last value that could be read. Whoever needs one never waits longer than `patienceMs`, at most
 * one question is under way at a time, and who fails is left alone for a while.
 */
export class Remembered<T> {
  private last: { readonly value: T; readonly readAt: Date } | undefined;
  private asking: Promise<void> | undefined;
  private failedAt: number | undefined;

  constructor(
    private readonly ask: () => Promise<T>,
    private readonly how: Remembering,
    private readonly now: () => number = Date.now,
  ) {}

  /** A fresh value, or the last good one after some patience; null where there never was one. */
  async get(): Promise<Reading<T> | null> {
    if (this.isDue()) await withPatience(this.read(), this.how.patienceMs);
    return this.reading();
  }

  /** What is known at this moment; where that is old, a newer one is asked for behind our back. */
  peek(): Reading<T> | null {
    if (this.isDue()) void this.read();
    return this.reading();
  }

  private isDue(): boolean {
    const { freshMs, retryMs } = this.how;
    if (this.failedAt !== undefined) return this.now() - this.failedAt >= retryMs;
    return !this.last || this.now() - this.last.readAt.getTime() >= freshMs;
  }

  private reading(): Reading<T> | null {
    if (!this.last) return null;
    const stale = this.now() - this.last.readAt.getTime() >= this.how.freshMs;
    return { ...this.last, stale, failing: this.failedAt !== undefined };
  }

  private read(): Promise<void> {
    this.asking ??= this.askOnce().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async askOnce(): Promise<void> {
    try {
      this.last = { value: await this.ask(), readAt: new Date(this.now()) };
      this.failedAt = undefined;
    } catch (error) {
      const isNew = this.failedAt === undefined;
      this.failedAt = this.now();
      if (isNew) this.how.onFailure(error);
    }
  }
}

function withPatience(reading: Promise<void>, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    void reading.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
