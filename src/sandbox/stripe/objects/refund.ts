import type Stripe from 'stripe';
import type { RefundRecord } from '../state/records.js';
import type { World } from '../state/world.js';

/** https://docs.stripe.com/api/refunds/object */
export function renderRefund(world: World, refund: RefundRecord): Stripe.Refund {
  const charge = world.charges.get(refund.charge);
  if (charge === undefined) throw new Error(`refund ${refund.id} without its charge`);
  const pending = refund.status === 'pending';
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: refund.balanceTransaction,
    charge: refund.charge,
    created: refund.created,
    currency: refund.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { card: { type: pending ? 'pending' : 'refund' }, type: 'card' },
    ...(refund.failureTransaction === null
      ? {}
      : { failure_balance_transaction: refund.failureTransaction }),
    ...(refund.failureReason === null ? {} : { failure_reason: refund.failureReason }),
    metadata: refund.metadata,
    payment_intent: charge.paymentIntent,
    payment_method: charge.paymentMethod,
    ...(pending ? { pending_reason: refund.pendingReason ?? 'processing' } : {}),
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
  };
}
