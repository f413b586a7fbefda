import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { type LimitedSale, limitsOf } from '../domain/limited-sale.js';
import type { LimitKeys } from './limit-keys.js';

/**
 * Counts a sale's tickets against its limits, for the transaction that begins it; before the
 * tickets are held, so that nobody waits for their capacity meanwhile. Raises SQLSTATE TT007, which
 * `limitRefusal` reads, when a limit would be passed. Does nothing for a payment that has reserved
 * before. The first limit passed is told: user, then payment method, then address.
 */
export function reserveLimits(sale: LimitedSale, keys: LimitKeys): Statement {
  const { tenantId, eventId, paymentId, quantity } = sale;
  // Bound to its event, a hash does not tell that one card or door bought tickets of two events.
  const counted = limitsOf(sale).flatMap(({ limit, subject, allowed }) =>
    (limit === 'user' ? [subject] : keys.hash(tenantId, eventId, limit, subject)).map((hash) => ({
      limit,
      hash,
      allowed,
    })),
  );
  return sql`SELECT reserve_purchase_limits(${tenantId}::uuid, ${eventId}::uuid, ${paymentId}::uuid,
    ${quantity}::integer, ${counted.map(({ limit }) => limit)}::text[],
    ${counted.map(({ hash }) => hash)}::uuid[], ${counted.map(({ allowed }) => allowed)}::integer[])`;
}

/**
 * A payment that had ended was paid after all: its tickets count again, against the limits of then.
 * Raises as `reserveLimits` does. Does nothing unless everything was released. `confirmLimits`
 * follows.
 */
export function regainLimits(tenantId: Uuid, paymentId: Uuid): Statement {
  return sql`SELECT regain_purchase_limits(${tenantId}::uuid, ${paymentId}::uuid)`;
}

/**
 * The payment is paid: what was reserved is bought. Does nothing when that was said before, and for
 * a payment that has reserved nothing.
 */
export function confirmLimits(tenantId: Uuid, paymentId: Uuid): Statement {
  return sql`SELECT confirm_purchase_limits(${tenantId}::uuid, ${paymentId}::uuid)`;
}

/**
 * So many of a payment's tickets count no longer, whether reserved or bought; all where `quantity`
 * is null: after a definite decline, a void, an expiry. Never more than still count, and nothing for
 * a payment that has reserved nothing. Saying null again changes nothing; a number (refunded
 * tickets) takes off as often as it is said, so it belongs into the transaction that records them.
 */
export function releaseLimits(tenantId: Uuid, paymentId: Uuid, quantity: number | null): Statement {
  return sql`SELECT release_purchase_limits(${tenantId}::uuid, ${paymentId}::uuid,
    ${quantity}::integer)`;
}
