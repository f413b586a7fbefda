import type { IncomingMessage } from 'node:http';
import { newId } from '../ids.js';

const SANE = /^[\w-]{8,64}$/;

function sane(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && SANE.test(value) ? value : undefined;
}

/** The caller's `X-Request-Id` if it is 8 to 64 letters, digits, `_` or `-`; else a new UUIDv7. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  return sane(headers['x-request-id']) ?? newId();
}

/** The caller's `X-Correlation-Id` under the same rule; else this request begins the correlation. */
export function correlationIdOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  requestId: string,
): string {
  return sane(headers['x-correlation-id']) ?? requestId;
}
