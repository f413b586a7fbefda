import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { ERROR_STATUS, type ErrorCode } from '../errors.js';

/** What a code means, for the documentation; the answers themselves say more. */
const MEANING: Partial<Record<ErrorCode, string>> = {
  BAD_REQUEST: 'The request cannot be read',
  VALIDATION_ERROR: 'A field is missing, unknown or invalid',
  NOT_FOUND: 'Nothing of this id belongs to the caller',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another body',
  DUPLICATE_IN_PROGRESS: 'A request with this key is being processed',
  PAYMENT_FAILED: 'The provider declined',
  PRICE_CHANGED: 'The price differs from what the request says',
  SOLD_OUT: 'Not enough tickets are left',
  RATE_LIMIT_EXCEEDED:
    'Too many requests this minute; `Retry-After` tells the seconds until the next one',
  DATABASE_UNAVAILABLE: 'The database is not available, try again',
};

const ALWAYS = ['BAD_REQUEST', 'AUTH_REQUIRED', 'INVALID_TOKEN', 'TOKEN_EXPIRED'] as const;
const IDEMPOTENT = [
  'IDEMPOTENCY_KEY_MISSING',
  'IDEMPOTENCY_KEY_INVALID',
  'IDEMPOTENCY_KEY_REUSED',
  'DUPLICATE_IN_PROGRESS',
] as const;

const codesOf = new WeakMap<object, Set<ErrorCode>>();

/**
 * Documents the error answers of a route, one entry a status with an example a code. Repeated and
 * combined uses add up.
 */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const all = codesOf.get(handler) ?? new Set();
    codesOf.set(handler, new Set([...all, ...codes]));
    const documented = [...(codesOf.get(handler) ?? [])];
    const statuses = new Set(documented.map((code) => ERROR_STATUS[code]));
    const responses = [...statuses].map((status) =>
      ApiResponse({
        status,
        ...errorAnswer(documented.filter((code) => ERROR_STATUS[code] === status)),
      }),
    );
    applyDecorators(...responses)(target, key, descriptor);
  };
}

/** The documented answer of one status: the envelope, with an example a code. */
export function errorAnswer(codes: readonly ErrorCode[]) {
  return {
    description: codes
      .map((code) => (MEANING[code] ? `${code}: ${MEANING[code]}` : code))
      .join('. '),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode) {
  return {
    error: MEANING[code] ?? code,
    code,
    timestamp: '2026-01-12T10:00:00.000Z',
    path: '/api/v1/payments/process',
    requestId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21',
    ...(code === 'VALIDATION_ERROR'
      ? { errors: [{ field: 'tickets.0.quantity', message: 'must not be greater than 10' }] }
      : {}),
  };
}

/** The errors that every route behind a token may answer. */
export function ApiCommonErrors(): MethodDecorator {
  return ApiErrors(...ALWAYS);
}

/** Documents the `Idempotency-Key` header, its errors, and the header of a replayed answer. */
export function ApiIdempotent({ required = true } = {}): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required,
      description:
        'A UUID of the caller. The same key with the same body answers the same, byte for byte ' +
        '(`Idempotent-Replayed: true`), and is charged once.',
      schema: { type: 'string', format: 'uuid' },
    }),
    ApiErrors(...(required ? IDEMPOTENT : IDEMPOTENT.slice(1))),
  );
}
