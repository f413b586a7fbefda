import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.js';
import { isUuid, type Uuid } from '../ids.js';

/**
 * Reads `Idempotency-Key` from a request's headers, in lower case. `IDEMPOTENCY_KEY_MISSING` without
 * one, `IDEMPOTENCY_KEY_INVALID` unless it is a UUID of any version (RFC 9562).
 */
export function idempotencyKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): Uuid {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new AppError('IDEMPOTENCY_KEY_MISSING', 'The Idempotency-Key header is required');
  }
  if (!isUuid(key)) {
    throw new AppError('IDEMPOTENCY_KEY_INVALID', 'The Idempotency-Key header must be a UUID');
  }
  return key.toLowerCase();
}
