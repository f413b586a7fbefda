import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const pool = Buffer.alloc(8192);
let used = pool.length;

/** Random base-62 text. Bytes are drawn 8 kB at a time: one system call for some 300 ids. */
export function randomText(length: number): string {
  let out = '';
  while (out.length < length) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    // 248 = 4 × 62: bytes above it are dropped, so that no character is likelier than another.
    const byte = pool[used++] ?? 255;
    if (byte < 248) out += ALPHABET[byte % 62] ?? '';
  }
  return out;
}

/** An object id of Stripe's look, e.g. `pi_3` and 23 characters. */
export const newId = (prefix: string): string => `${prefix}_3${randomText(23)}`;

export const newRequestId = (): string => `req_${randomText(14)}`;
