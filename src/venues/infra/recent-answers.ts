import { LRUCache } from 'lru-cache';

/** From this part of its life on, an answer in use is asked for again while it still serves. */
const RENEWED_FROM = 0.75;

interface Held<T> {
  readonly answer: Promise<T>;
  readonly askedAt: number;
  renewing: boolean;
}

/**
 * Answers that may be used again for `ttlMs` from the moment they were asked for. Callers who ask
 * at the same time share one question. An answer that is still asked for near its end is renewed
 * in the background, so that nobody waits for it. A failure is never kept, nor what `keep`
 * declines: a renewal that fails leaves the old answer to its end.
 */
export class RecentAnswers<T extends object | string> {
  private readonly held: LRUCache<string, Held<T>> | undefined;

  constructor(
    max: number,
    private readonly ttlMs: number,
    private readonly keep: (answer: T) => boolean,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.held =
      ttlMs > 0 ? new LRUCache({ max, ttl: ttlMs, perf: { now }, ttlResolution: 0 }) : undefined;
  }

  /** The answer kept under `key`, else what `ask` brings; always asks when `fresh`. */
  get(key: string, ask: () => Promise<T>, fresh = false): Promise<T> {
    const known = fresh ? undefined : this.held?.get(key);
    if (!known) return this.ask(key, ask);
    if (this.now() - known.askedAt >= this.ttlMs * RENEWED_FROM) this.renew(key, known, ask);
    return known.answer;
  }

  private ask(key: string, ask: () => Promise<T>): Promise<T> {
    const asked = { answer: ask(), askedAt: this.now(), renewing: false };
    this.held?.set(key, asked);
    const drop = () => {
      if (this.held?.peek(key) === asked) this.held.delete(key);
    };
    asked.answer.then((answer) => {
      if (!this.keep(answer)) drop();
    }, drop);
    return asked.answer;
  }

  private renew(key: string, known: Held<T>, ask: () => Promise<T>): void {
    if (known.renewing) return;
    known.renewing = true;
    const askedAt = this.now();
    const answer = ask();
    answer.then(
      (found) => {
        if (this.held?.peek(key) !== known) return;
        if (!this.keep(found)) this.held.delete(key);
        else this.held.set(key, { answer, askedAt, renewing: false }, { start: askedAt });
      },
      () => {
        known.renewing = false;
      },
    );
  }
}
