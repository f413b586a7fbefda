import Stripe from 'stripe';
import { isUuid } from '../../../kernel/ids.js';
import type { ProviderRefund, RefundOutcome } from '../../domain/refund.js';
import { type UnknownOutcome, unknownOf } from './unknown.js';

/** What a refund's state means (docs.stripe.com/refunds#refund-statuses). */
export function refundOutcomeOf(refund: Stripe.Refund): RefundOutcome {
  const { id: reference } = refund;
  switch (refund.status) {
    case 'succeeded':
      return { kind: 'succeeded', reference };
    case 'failed':
    case 'canceled':
      return { kind: 'failed', reference, reason: refund.failure_reason ?? refund.status };
    case 'pending':
    case 'requires_action': {
      const awaitsFunds = refund.pending_reason === 'insufficient_funds';
      return { kind: 'pending', reference, ...(awaitsFunds && { awaitsFunds }) };
    }
    default:
      return { kind: 'unknown', reason: `the refund is ${refund.status ?? 'without a status'}` };
  }
}

/**
 * What a failed call means: a request that Stripe refuses paid nothing back; anything else leaves
 * the outcome open.
 */
export function refundOutcomeOfError(error: unknown): RefundOutcome | UnknownOutcome {
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
    return { kind: 'failed', reference: null, reason: error.code ?? 'refused by the provider' };
  }
  return unknownOf(error);
}

export function listedRefund(refund: Stripe.Refund): ProviderRefund {
  const ours = refund.metadata?.refund_id;
  return {
    reference: refund.id,
    refundId: isUuid(ours) ? ours : null,
    amountCents: refund.amount,
    currency: refund.currency.toUpperCase(),
    outcome: refundOutcomeOf(refund),
  };
}
