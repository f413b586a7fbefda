import { HttpException } from '@nestjs/common';
import { AppError, ERROR_STATUS, type ErrorCode, type FieldError } from '../errors.js';
import { redact } from '../observability/redact.js';
import { isDatabaseAway, isRetryable, tookTooLong } from '../postgres/errors.js';

/** The body of every error answer (Payment service spec, Error Response Format). */
export interface ErrorBody {
  readonly error: string;
  readonly code: ErrorCode;
  /** ISO 8601. */
  readonly timestamp: string;
  /** The request's path, without its query. */
  readonly path: string;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
  readonly [extra: string]: unknown;
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  401: 'AUTH_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMIT_EXCEEDED',
  503: 'SERVICE_UNAVAILABLE',
};

const TEXT: Partial<Record<ErrorCode, string>> = {
  BAD_REQUEST: 'The request cannot be read',
  NOT_FOUND: 'Not found',
  PAYLOAD_TOO_LARGE: 'The body is too large',
  UNSUPPORTED_MEDIA_TYPE: 'The body must be application/json in UTF-8, without content encoding',
};

/**
 * What went wrong, as an answer: our own errors as they are, the framework's by their status and
 * with our words, a database that is away or too slow as 503, anything else as 500 without details.
 */
export function toAppError(exception: unknown): AppError {
  if (exception instanceof AppError) return exception;
  if ([isDatabaseAway, isRetryable, tookTooLong].some((is) => is(exception))) {
    return new AppError('DATABASE_UNAVAILABLE', 'The database is not available, try again', {
      retryAfterSeconds: 2,
    });
  }
  const code = BY_STATUS[statusOf(exception)];
  if (!code) return new AppError('INTERNAL_ERROR', 'Internal server error');
  return new AppError(code, TEXT[code] ?? 'The request was refused');
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return clientStatus(exception.getStatus());
  const isOfFramework =
    exception instanceof Error && 'code' in exception && String(exception.code).startsWith('FST_');
  if (!isOfFramework || !('statusCode' in exception)) return 500;
  return clientStatus(Number(exception.statusCode));
}

/** A client error that has no code of its own is a plain 400. */
function clientStatus(status: number): number {
  return status >= 400 && status < 500 && !(status in BY_STATUS) ? 400 : status;
}

export function errorBody(error: AppError, url: string, requestId: string): ErrorBody {
  const { errors, extra } = error.details;
  return {
    ...extra,
    error: error.message,
    code: error.code,
    timestamp: new Date().toISOString(),
    path: pathOf(url),
    requestId,
    ...(errors ? { errors } : {}),
  };
}

/** The path that an answer or a log line may show: no query, bounded, no token that a link carried. */
export function pathOf(url: string): string {
  return redact(url.split('?', 1)[0]?.slice(0, 256) ?? '');
}

/** Headers that go with an error: when to come back, how to authenticate. */
export function errorHeaders(error: AppError): Record<string, string> {
  const { retryAfterSeconds } = error.details;
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(ERROR_STATUS[error.code] === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
}
