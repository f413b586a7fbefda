import { createHmac } from 'node:crypto';

const PURPOSE = 'purchase-limits';

/**
 * Hashes what purchases are counted by, so that the counters hold neither addresses nor cards. Each
 * key of the list counts, and not just the first: while an older one is configured beside its
 * successor, what was counted under it still is.
 */
export class LimitKeys {
  private readonly keys: readonly Buffer[];

  /** The keys are derived from the secrets for this purpose alone. */
  constructor(secrets: readonly string[]) {
    if (secrets.length === 0) throw new Error('no secret hashes what purchases are counted by');
    this.keys = secrets.map((secret) => createHmac('sha256', secret).update(PURPOSE).digest());
  }

  /** 128 bits in hexadecimal for each key, in ascending order. Different parts, different hashes. */
  hash(...parts: readonly string[]): string[] {
    const text = JSON.stringify(parts);
    return this.keys
      .map((key) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32))
      .sort();
  }
}
