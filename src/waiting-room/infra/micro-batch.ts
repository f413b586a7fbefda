interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does together what is asked for at the same time (group commit): while one batch of a key is under
 * way, the next collects. Whoever asks alone waits for nobody. A batch that fails fails for all in it.
 */
export class MicroBatch<K, I, O> {
  private readonly waiting = new Map<string, Waiting<I, O>[]>();
  private readonly running = new Set<string>();

  constructor(
    private readonly nameOf: (key: K) => string,
    /** Answers one answer per item, in their order. */
    private readonly work: (key: K, items: readonly I[]) => Promise<readonly O[]>,
    private readonly most = 500,
  ) {}

  add(key: K, item: I): Promise<O> {
    const name = this.nameOf(key);
    return new Promise<O>((resolve, reject) => {
      const waiting = this.waiting.get(name) ?? [];
      waiting.push({ item, resolve, reject });
      this.waiting.set(name, waiting);
      if (this.running.has(name)) return;
      this.running.add(name);
      // What this turn of the event loop brings along goes with it.
      setImmediate(() => void this.drain(key, name));
    });
  }

  private async drain(key: K, name: string): Promise<void> {
    for (let batch = this.next(name); batch.length > 0; batch = this.next(name)) {
      await this.run(key, batch);
    }
    this.running.delete(name);
    this.waiting.delete(name);
  }

  private next(name: string): Waiting<I, O>[] {
    return this.waiting.get(name)?.splice(0, this.most) ?? [];
  }

  private async run(key: K, batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await this.work(
        key,
        batch.map(({ item }) => item),
      );
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as O);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
