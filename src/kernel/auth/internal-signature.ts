import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Uuid } from '../ids.js';

/** What an internal request is signed over. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  /** Seconds since the epoch. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly tenantId: string;
  readonly body: Buffer | string;
}

/**
 * The signature of an internal request: hex HMAC-SHA256 over
 * `METHOD\npath?query\ntimestamp\nnonce\ntenant\nsha256hex(body)`.
 */
export function internalSignature(secret: string, request: SignedRequest): string {
  const { method, path, timestamp, nonce, tenantId, body } = request;
  const digest = createHash('sha256').update(body).digest('hex');
  const text = [method.toUpperCase(), path, timestamp, nonce, tenantId, digest].join('\n');
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** A request that one of our own processes, or a test, is about to send. */
export interface OutgoingRequest {
  readonly service: string;
  readonly secret: string;
  readonly tenantId: Uuid;
  readonly method: string;
  /** Path and query as they will be sent. */
  readonly path: string;
  /** The bytes as they will be sent; empty without a body. */
  readonly body?: Buffer | string;
  readonly now: Date;
}

/** The `x-internal-*` headers of a request; the nonce is new with every call. */
export function signInternalRequest(request: OutgoingRequest): Record<string, string> {
  const { service, secret, tenantId, method, path, body = '', now } = request;
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const nonce = randomBytes(18).toString('base64url');
  const signed = { method, path, timestamp, nonce, tenantId, body };
  return {
    'x-internal-service': service,
    'x-internal-timestamp': timestamp,
    'x-internal-nonce': nonce,
    'x-internal-tenant': tenantId,
    'x-internal-signature': internalSignature(secret, signed),
  };
}
