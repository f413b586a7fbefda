/** Every code an answer may carry, with its HTTP status (Payment service spec, Error Handling). */
export const ERROR_STATUS = {
  BAD_REQUEST: 400,
  IDEMPOTENCY_KEY_MISSING: 400,
  IDEMPOTENCY_KEY_INVALID: 400,
  INVALID_SIGNATURE: 400,
  AUTH_REQUIRED: 401,
  INVALID_TOKEN: 401,
  TOKEN_EXPIRED: 401,
  PAYMENT_FAILED: 402,
  FORBIDDEN: 403,
  BOT_DETECTED: 403,
  FRAUD_DETECTED: 403,
  QUEUE_TOKEN_REQUIRED: 403,
  INVALID_ACCESS_TOKEN: 403,
  PURCHASE_LIMIT_EXCEEDED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  CONFLICT: 409,
  DUPLICATE_IN_PROGRESS: 409,
  PRICE_CHANGED: 409,
  SOLD_OUT: 409,
  SEAT_TAKEN: 409,
  QUOTE_EXPIRED: 409,
  QUOTE_MISMATCH: 409,
  EVENT_CANCELLED: 409,
  ORDER_ALREADY_PAID: 409,
  ORDER_MISMATCH: 409,
  PAYMENT_STATE_CONFLICT: 409,
  PAYMENT_DISPUTED: 409,
  DISPUTE_CLOSED: 409,
  REFUND_FAILED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_ERROR: 422,
  REFUND_EXCEEDS_ORIGINAL: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
  PROVIDER_UNAVAILABLE: 503,
  TICKET_SERVICE_UNAVAILABLE: 503,
  ORDER_SERVICE_UNAVAILABLE: 503,
  USER_SERVICE_UNAVAILABLE: 503,
  MAIL_SERVER_UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What an error answer may carry beside its code and message. */
export interface ErrorDetails {
  readonly errors?: readonly FieldError[];
  /** Seconds; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Further members of the body, such as `declineCode` or `limit`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An expected "no": a value, not an exception. The HTTP edge turns it into an error answer. */
export interface Refusal extends ErrorDetails {
  readonly refused: ErrorCode;
  readonly message: string;
}

export function refuse(code: ErrorCode, message: string, details: ErrorDetails = {}): Refusal {
  return { refused: code, message, ...details };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** A refusal met where only an exception can travel: guards, pipes and adapters. */
export class AppError extends Error {
  readonly statusCode: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
    this.name = 'AppError';
    this.statusCode = ERROR_STATUS[code];
  }

  static from({ refused, message, ...details }: Refusal): AppError {
    return new AppError(refused, message, details);
  }
}

/** The default branch of an exhaustive switch: a case that types say cannot be. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
