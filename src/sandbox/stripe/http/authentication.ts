import { createHash } from 'node:crypto';
import { invalidRequest, unauthorized } from './errors.js';
import { API_VERSION } from '../state/world.js';

function keyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [scheme = '', credentials = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(credentials, 'base64').toString().split(':', 1)[0];
}

/**
 * Tells accounts apart by their secret key. Answers a short digest of it, which stands for the
 * account in stored records so that no key is written to disk. Refusal: 401.
 */
export function accounts(secretKeys: readonly string[]): (header: string | undefined) => string {
  const known = new Map(
    secretKeys.map((key) => [key, createHash('sha256').update(key).digest('hex').slice(0, 12)]),
  );
  return (header) => {
    const key = keyOf(header);
    const account = known.get(key ?? '');
    if (account === undefined) throw unauthorized(key === '' ? undefined : key);
    return account;
  };
}

/** Another version has other shapes, which the emulator does not have: refused rather than pretended. */
export function checkVersion(version: string | undefined): void {
  if (version === undefined || version === API_VERSION) return;
  throw invalidRequest(
    `Invalid Stripe API version: ${version}. The Stripe emulator speaks ${API_VERSION} only.`,
  );
}
