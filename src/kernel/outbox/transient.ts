import { AppError, ERROR_STATUS, isRefusal } from '../errors.js';
import { isDatabaseAway, isRetryable } from '../postgres/errors.js';

/**
 * Is the world around a message at fault (a database, a provider or another service away, a lock
 * held too long) rather than the message? Such a failure is tried again without counting.
 */
export function isTransient(failure: unknown): boolean {
  if (isDatabaseAway(failure) || isRetryable(failure)) return true;
  if (failure instanceof AppError) return failure.statusCode === 503;
  return isRefusal(failure) && ERROR_STATUS[failure.refused] === 503;
}

/** What is noted of a failure beside the row that failed. */
export function failureText(failure: unknown): string {
  const text = isRefusal(failure)
    ? `${failure.refused}: ${failure.message}`
    : failure instanceof Error
      ? `${failure.name}: ${failure.message}`
      : String(failure);
  return text.slice(0, 500);
}
