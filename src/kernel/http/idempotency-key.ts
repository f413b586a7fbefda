import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.js';
import { isUuid, type Uuid } from '../ids.js';

/**
 * Reads `Idempotency-Key` from a request's headers, in lower case. `IDEMPOTENCY_KEY_MISSING` without
 * one, `IDEMPOTENCY_KEY_INVALID` unless it is a UUID of any version (RFC 9562).
 */
export function idempotencyKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): Uuid {
  const key = optionalIdempotencyKeyOf({ headers });
  if (key !== undefined) return key;
  throw new AppError('IDEMPOTENCY_KEY_MISSING', 'The Idempotency-Key header is required');
}

export function optionalIdempotencyKeyOf({
  headers,
}: Pick<FastifyRequest, 'headers'>): Uuid | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') return undefined;
  if (!isUuid(key)) {
    throw new AppError('IDEMPOTENCY_KEY_INVALID', 'The Idempotency-Key header must be a UUID');
  }
  return key.toLowerCase();
}

const requestOf = (context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>();

/** The required key of a request that moves money. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKeyOf(requestOf(context)),
);

/** The key where one is accepted but not required; undefined without. */
export const OptionalIdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext) => optionalIdempotencyKeyOf(requestOf(context)),
);
