import { refuse, type Refusal } from '../../kernel/errors.js';
import { asDatabaseError, failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { PurchaseLimitName } from '../domain/limited-sale.js';

/** What PostgreSQL tells of the limit that would have been passed. */
interface PassedLimit {
  readonly limit: PurchaseLimitName;
  readonly allowed: number;
  readonly remaining: number;
}

const WHOSE: Readonly<Record<PurchaseLimitName, string>> = {
  user: 'user',
  payment_method: 'payment method',
  address: 'billing address',
};

/**
 * The refusal (PURCHASE_LIMIT_EXCEEDED) behind an error of a transaction with `reserveLimits` or
 * `regainLimits`, undefined for any other error. Its body tells `limit` (`user`, `payment_method`,
 * `address`), `allowed` (tickets of the event) and `remaining` (how many of them are left).
 */
export function limitRefusal(error: unknown): Refusal | undefined {
  if (!failedWith(error, SQLSTATE.limitPassed)) return undefined;
  const passed = JSON.parse(asDatabaseError(error)?.detail ?? '{}') as PassedLimit;
  const { limit, allowed, remaining } = passed;
  const message = `At most ${allowed} tickets of this event per ${WHOSE[limit]}: ${remaining} left.`;
  return refuse('PURCHASE_LIMIT_EXCEEDED', message, { extra: { limit, allowed, remaining } });
}
