import { Logger } from '@nestjs/common';
import type * as z from 'zod';
import { AppError, type ErrorCode } from '../errors.js';
import type { Uuid } from '../ids.js';
import { currentTraceparent } from '../observability/trace-context.js';

export interface ServiceQuestion<T> {
  /** Of the service, without a trailing slash. */
  readonly baseUrl: string;
  readonly path: string;
  readonly tenantId: Uuid;
  /** What a usable answer looks like; anything else counts as no answer. */
  readonly shape: z.ZodType<T>;
  readonly timeoutMs: number;
  /** The refusal when the service gives no usable answer in time. */
  readonly unavailable: ErrorCode;
}

/**
 * The service did answer, but refused us or said something else than was asked: for who asks on behalf
 * of a caller as good as no answer, for who can wait a sign that waiting alone will not help.
 */
export class UnfitAnswer extends AppError {}

const RETRY_AFTER_SECONDS = 2;
/** Statuses from 400 to 499 that say no more than "later". */
const LATER = [408, 425, 429];
const log = new Logger('PlatformService');

/**
 * Asks another service of the platform, as `x-tenant-id`, for one object. 404 and 410 are answers; no
 * answer, a late one, or one of another shape throws `AppError` with the code given; `UnfitAnswer`
 * where there was one.
 */
export async function askPlatform<T>(question: ServiceQuestion<T>): Promise<T | 'not_found'> {
  const { baseUrl, path, tenantId, shape, timeoutMs, unavailable } = question;
  const traceparent = currentTraceparent();
  let answered: number | undefined;
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      headers: {
        'x-tenant-id': tenantId,
        accept: 'application/json',
        ...(traceparent && { traceparent }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    answered = response.status;
    // Not before it is read: a proxy's 404 has another shape, and says nothing about the object.
    const body = jsonOf(answered, text);
    if (response.status === 404 || response.status === 410) return 'not_found';
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return shape.parse(body);
  } catch (error) {
    log.warn({ msg: 'a platform service gave no usable answer', path, err: error });
    const service = unavailable.replace('_UNAVAILABLE', '').replace('_', ' ').toLowerCase();
    const Failure = isUnfit(answered) ? UnfitAnswer : AppError;
    throw new Failure(unavailable, `The ${service} is not available. Try again soon.`, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

/** A parser's complaint quotes what it could not read, which may name people: it goes nowhere. */
function jsonOf(status: number, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`answered ${status} with no JSON`);
  }
}

function isUnfit(status: number | undefined): boolean {
  return status !== undefined && status < 500 && !LATER.includes(status);
}
