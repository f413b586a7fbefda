/**
 * A chain's node could not be asked: no answer within the limit, a breaker that is open, an answer
 * that is no answer. It says nothing about what was asked; the same question is asked again later.
 */
export class ChainUnavailable extends Error {
  constructor(
    readonly chain: string,
    override readonly cause: unknown,
  ) {
    super(`${chain} cannot be asked: ${cause instanceof Error ? cause.message : String(cause)}`);
    this.name = 'ChainUnavailable';
  }
}
