import { LRUCache } from 'lru-cache';

/**
 * Answers that are as good as new for `ttlMs` from the moment they were asked for: any number of
 * callers share one question. A question that fails is asked again by the next.
 */
export class ShortMemory<T extends object> {
  private readonly held: LRUCache<string, Promise<T>>;

  constructor(ttlMs: number, max = 1_000) {
    this.held = new LRUCache({ max, ttl: ttlMs });
  }

  get(name: string, ask: () => Promise<T>): Promise<T> {
    const known = this.held.get(name);
    if (known) return known;
    const asked = ask();
    this.held.set(name, asked);
    asked.catch(() => {
      if (this.held.peek(name) === asked) this.held.delete(name);
    });
    return asked;
  }

  forget(name: string): void {
    this.held.delete(name);
  }
}
