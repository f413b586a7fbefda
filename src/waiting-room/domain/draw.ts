import { hmacSha256, sha256 } from '../../kernel/crypto/digest.js';
import type { Uuid } from '../../kernel/ids.js';

export const SEED_BYTES = 32;

/** What is published before the draw: SHA-256 of the seed, in hex. It binds the seed and hides it. */
export function commitmentTo(seed: Uint8Array): string {
  return sha256(seed).toString('hex');
}

/**
 * The order in which places that were taken before the opening are served: by HMAC-SHA256 of the
 * place's id (lower case, with dashes) under the seed, the smallest first. Whoever knows the seed and
 * the ids gets the same order, however they list them.
 */
export function drawnOrder(seed: Uint8Array, queueIds: readonly Uuid[]): Uuid[] {
  return queueIds
    .map((queueId) => ({ queueId, lot: hmacSha256(seed, queueId) }))
    .sort((a, b) => a.lot.compare(b.lot))
    .map(({ queueId }) => queueId);
}
