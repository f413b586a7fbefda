import { createHmac } from 'node:crypto';
import { constantTimeEqual } from './constant-time.js';

const FORMAT = /^([\w-]{2,8192})\.([\w-]{43})$/;

/** What a token said, or why it says nothing. */
export type TokenReading =
  | { readonly outcome: 'valid'; readonly claims: unknown }
  | { readonly outcome: 'expired' | 'invalid' };

/**
 * Compact tokens that we give out and later believe: `base64url(JSON).base64url(HMAC-SHA256)`.
 * The key is derived from the secret and the purpose (HKDF-like, one key per purpose), so that a
 * token of one kind is never taken for another. The first secret signs, all verify.
 */
export class SignedTokens {
  private readonly keys: readonly Buffer[];
  private readonly current: Buffer;

  constructor(purpose: string, secrets: readonly string[]) {
    this.keys = secrets.map((secret) => createHmac('sha256', secret).update(purpose).digest());
    const [current] = this.keys;
    if (!current) throw new Error(`no secret signs ${purpose} tokens`);
    this.current = current;
  }

  /** `claims` must survive JSON; bigint does not. */
  sign(claims: unknown, expiresAt: Date): string {
    const body = Buffer.from(JSON.stringify({ e: expiresAt.getTime(), c: claims }));
    const payload = body.toString('base64url');
    return `${payload}.${mac(this.current, payload)}`;
  }

  read(token: string, now: Date): TokenReading {
    const [, payload, given] = FORMAT.exec(token) ?? [];
    if (payload === undefined || given === undefined) return { outcome: 'invalid' };
    const genuine = this.keys.some((key) => constantTimeEqual(given, mac(key, payload)));
    if (!genuine) return { outcome: 'invalid' };
    const text = Buffer.from(payload, 'base64url').toString('utf8');
    const { e: expiresAt, c: claims } = JSON.parse(text) as { e: number; c: unknown };
    return now.getTime() < expiresAt ? { outcome: 'valid', claims } : { outcome: 'expired' };
  }
}

function mac(key: Buffer, payload: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url');
}
