import { createHash, createHmac } from 'node:crypto';

/** SHA-256 of the parts one after the other; text counts as UTF-8. A function of its input alone. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HMAC-SHA256 (RFC 2104) of a text under a key. A function of its input alone. */
export function hmacSha256(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
