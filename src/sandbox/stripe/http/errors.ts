/** Fields of Stripe's error object, https://docs.stripe.com/api/errors. */
export interface StripeErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  doc_url?: string;
  [field: string]: unknown;
}

/** An answer that is not 2xx, thrown by whoever refuses and written by the server. */
export class StripeFailure extends Error {
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(body.message);
  }
}

interface Detail {
  code?: string;
  param?: string;
  [field: string]: unknown;
}

/** Codes have a page of their own in Stripe's documentation, and every error that has one links to it. */
export const withDocUrl = <E extends { code?: string }>(error: E): E =>
  error.code === undefined
    ? error
    : {
        ...error,
        doc_url: `https://stripe.com/docs/error-codes/${error.code.replaceAll('_', '-')}`,
      };

/** 400 `invalid_request_error`: the request itself, or the state of the object, forbids it. */
export function invalidRequest(message: string, detail: Detail = {}): StripeFailure {
  return new StripeFailure(400, withDocUrl({ type: 'invalid_request_error', message, ...detail }));
}

/** 402 `card_error`: the issuer said no. `detail` carries decline code, charge and intent. */
export function cardError(message: string, detail: Detail): StripeFailure {
  return new StripeFailure(402, withDocUrl({ type: 'card_error', message, ...detail }), {
    'stripe-should-retry': 'false',
  });
}

/** 404 when the URL names an object that is not there; 400 when a parameter does. */
export function noSuch(noun: string, id: string, param: string, status: 400 | 404): StripeFailure {
  return new StripeFailure(
    status,
    withDocUrl({
      type: 'invalid_request_error',
      message: `No such ${noun}: '${id}'`,
      code: 'resource_missing',
      param,
    }),
  );
}

/**
 * Stripe takes this, the sandbox does not (yet). Refused aloud rather than ignored: a parameter
 * that moves money and is silently dropped would make a test pass that must not.
 */
export function notEmulated(param: string): StripeFailure {
  return invalidRequest(`The Stripe emulator does not emulate '${param}'.`, { param });
}

/** 401: no key, or one that this account does not have. Only the key's ends are shown, as Stripe does. */
export function unauthorized(key: string | undefined): StripeFailure {
  const message =
    key === undefined
      ? 'You did not provide an API key. Send your secret key as `Authorization: Bearer` or as the user of basic authentication.'
      : `Invalid API Key provided: ${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`;
  return new StripeFailure(
    401,
    { type: 'invalid_request_error', message },
    { 'www-authenticate': 'Basic realm="Stripe"' },
  );
}

/** 404 for a method and path that no operation has. */
export function unrecognizedUrl(method: string, path: string): StripeFailure {
  return new StripeFailure(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code.`,
  });
}

/** 500, whose outcome the caller cannot know. */
export function serverError(): StripeFailure {
  return new StripeFailure(500, {
    type: 'api_error',
    message: 'An unknown error occurred.',
  });
}

/** 429, refused before anything ran. */
export function rateLimited(retryAfterSeconds: number): StripeFailure {
  return new StripeFailure(
    429,
    withDocUrl({
      type: 'invalid_request_error',
      message: 'Request rate limit exceeded.',
      code: 'rate_limit',
    }),
    { 'stripe-should-retry': 'true', 'retry-after': String(retryAfterSeconds) },
  );
}
