type Ending = () => unknown;

/** What a run has started and must end, the last first, also when it is interrupted half-way. */
export class Belongings {
  private readonly endings: Ending[] = [];
  private over = false;

  /** Keeps `resource` until the end; one that came up too late is ended at once. */
  async add<T>(resource: T | Promise<T>, end: (resource: T) => unknown): Promise<T> {
    const started = await resource;
    if (this.over) {
      await end(started);
      throw new Error('interrupted');
    }
    this.endings.push(() => end(started));
    return started;
  }

  /** Runs `work`; SIGINT and SIGTERM end it early. Nothing is left afterwards. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    let interrupt: () => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = () => {
        reject(new Error('interrupted'));
      };
    });
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    try {
      return await Promise.race([work(), interrupted]);
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      this.over = true;
      for (const end of this.endings.reverse()) await end();
    }
  }
}
