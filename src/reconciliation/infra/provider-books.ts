import type { Claim, ProviderLine } from '../domain/provider-line.js';

/** The provider's own account of our balance there: what it is held against the ledger with. */
export abstract class ProviderBooks {
  abstract readonly name: string;

  /**
   * Every line since an instant (all of them where there is none), newest first, page by page.
   * Throws `PROVIDER_UNAVAILABLE` when the provider cannot be asked, also in the middle.
   */
  abstract lines(since: Date | null): AsyncIterable<readonly ProviderLine[]>;

  /**
   * Whose the charges since an instant are that somebody has begun and that have moved no money yet,
   * but still may: no line tells of them. Throws as `lines` does.
   */
  abstract unfinished(since: Date): AsyncIterable<readonly Claim[]>;
}
