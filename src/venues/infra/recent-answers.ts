import { LRUCache } from 'lru-cache';

/**
 * Answers that may be used again for `ttlMs` from the moment they were asked for. Callers who ask
 * at the same time share one question. A failure is never kept, nor what `keep` declines.
 */
export class RecentAnswers<T extends object | string> {
  private readonly answers: LRUCache<string, Promise<T>> | undefined;

  constructor(
    max: number,
    ttlMs: number,
    private readonly keep: (answer: T) => boolean,
  ) {
    this.answers = ttlMs > 0 ? new LRUCache({ max, ttl: ttlMs }) : undefined;
  }

  /** The answer kept under `key`, else what `ask` brings; always asks when `fresh`. */
  get(key: string, ask: () => Promise<T>, fresh = false): Promise<T> {
    const known = fresh ? undefined : this.answers?.get(key);
    if (known) return known;
    const asked = ask();
    this.answers?.set(key, asked);
    asked.then(
      (answer) => {
        if (!this.keep(answer)) this.drop(key, asked);
      },
      () => {
        this.drop(key, asked);
      },
    );
    return asked;
  }

  private drop(key: string, asked: Promise<T>): void {
    if (this.answers?.peek(key) === asked) this.answers.delete(key);
  }
}
