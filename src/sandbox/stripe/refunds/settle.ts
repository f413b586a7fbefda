import { availableWith, book } from '../booking.js';
import { renderRefund } from '../objects/refund.js';
import type { RefundRecord, RefundStatus } from '../state/records.js';
import type { Cause, World } from '../state/world.js';

export type RefundOutcome = Exclude<RefundStatus, 'pending'>;

/** What may follow. A bank can return a refund that had succeeded. */
const FOLLOWS: Readonly<Record<RefundStatus, readonly RefundOutcome[]>> = {
  pending: ['canceled', 'failed', 'requires_action', 'succeeded'],
  requires_action: ['canceled', 'failed', 'succeeded'],
  succeeded: ['failed'],
  failed: [],
  canceled: [],
};

/** The money comes back to the balance, and the charge can be refunded again. */
function takeBack(world: World, refund: RefundRecord): void {
  const charge = world.charges.get(refund.charge);
  if (charge === undefined) throw new Error(`refund ${refund.id} without its charge`);
  charge.amountRefunded -= refund.amount;
  charge.refunded = false;
  world.charges.put(charge);
  refund.failureTransaction = book(world, {
    amount: refund.amount,
    availableOn: availableWith(world, charge),
    currency: refund.currency,
    description: `REFUND FAILURE (${charge.description ?? ''})`,
    fee: 0,
    source: refund.id,
    type: 'refund_failure',
  });
}

/**
 * Moves a refund on and tells of it. False, and nothing done, where that outcome cannot follow.
 * `failureReason` as in https://docs.stripe.com/refunds#failed-refunds.
 */
export function settle(
  world: World,
  cause: Cause | null,
  refund: RefundRecord,
  outcome: RefundOutcome,
  failureReason = 'unknown',
): boolean {
  if (!FOLLOWS[refund.status].includes(outcome)) return false;
  const previous = { status: refund.status };
  refund.status = outcome;
  refund.next = null;
  refund.pendingReason = null;
  if (outcome === 'failed' || outcome === 'canceled') {
    refund.failureReason = outcome === 'failed' ? failureReason : 'merchant_request';
    takeBack(world, refund);
  }
  world.refunds.put(refund);
  if (outcome === 'failed') world.emit('refund.failed', renderRefund(world, refund), cause);
  announce(world, cause, refund, previous);
  return true;
}

/** Tells of a change under the event's name of today and under that of old, as Stripe does. */
export function announce(
  world: World,
  cause: Cause | null,
  refund: RefundRecord,
  previous: object,
): void {
  for (const type of ['refund.updated', 'charge.refund.updated']) {
    world.emit(type, renderRefund(world, refund), cause, previous);
  }
}

/** Sees to it that the refund becomes what its card makes of it; also after a restart. */
export function settleLater(world: World, refund: RefundRecord): void {
  if (refund.next === null) return;
  world.defer(
    world.lags.refundLagMs,
    () => refund.next !== null && settle(world, null, refund, refund.next),
  );
}
