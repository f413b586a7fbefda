import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors.js';
import { isCleanText } from './text-check.js';

const MAX_URL = 4_096;

/** Headers whose meaning would depend on which of two values a program reads. */
const SINGLE = new Set([
  'authorization',
  'content-type',
  'content-length',
  'idempotency-key',
  'stripe-signature',
  'x-internal-service',
  'x-internal-timestamp',
  'x-internal-nonce',
  'x-internal-tenant',
  'x-internal-signature',
]);
const SHORTEST = 12;

/** What is refused from a request's head alone, before its body is read; undefined when nothing is. */
export function refuseHead({
  url = '',
  headers,
  rawHeaders,
}: IncomingMessage): AppError | undefined {
  if (url.length > MAX_URL) return new AppError('BAD_REQUEST', 'The URL is too long');
  if (url.includes('%') && !isCleanUrl(url)) {
    return new AppError('BAD_REQUEST', 'The URL holds characters that are not allowed');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return new AppError('UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding is not supported');
  }
  const twice = duplicateHeader(rawHeaders);
  return twice ? new AppError('BAD_REQUEST', `The header ${twice} may come only once`) : undefined;
}

function isCleanUrl(url: string): boolean {
  try {
    return isCleanText(decodeURIComponent(url));
  } catch {
    return false;
  }
}

function duplicateHeader(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const raw = rawHeaders[i] ?? '';
    if (raw.length < SHORTEST) continue;
    const name = raw.toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}
