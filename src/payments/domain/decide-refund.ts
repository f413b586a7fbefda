import { assertNever, isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { derivedId } from '../../kernel/ids.js';
import { lossesOf } from './decide-dispute.js';
import { drawUpRefund, type RefundWish } from './draw-up-refund.js';
import type { BegunPayment } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import {
  GIVE_BACK_ALL,
  type GiveBackPolicy,
  type ProviderRefund,
  type Refund,
  type RefundOutcome,
  type RefundTerms,
} from './refund.js';

/** A refund that somebody may have and asks for. */
export interface RefundAsked extends RefundWish {
  readonly refundId: RefundTerms['refundId'];
  readonly origin: 'request' | 'cancellation';
  readonly reason: string | null;
  readonly policy: GiveBackPolicy;
}

/**
 * Refuses where no money is in (`PAYMENT_STATE_CONFLICT`), while a dispute is open
 * (`PAYMENT_DISPUTED`) and what `drawUpRefund` refuses. A refund of nothing needs no provider.
 */
export function requestRefund(
  asked: RefundAsked,
  state: BegunPayment,
): readonly PaymentEvent[] | Refusal {
  const refused = refundRefused(state);
  if (refused) return refused;
  const { refundId, origin, reason, policy } = asked;
  const drawn = drawUpRefund(state, asked, state.late ? GIVE_BACK_ALL : policy);
  if (isRefusal(drawn)) return drawn;
  const terms: RefundTerms = {
    refundId,
    origin: state.late ? 'late' : origin,
    reason,
    freeSeats: policy.freeSeats,
    ...drawn,
  };
  const initiated: PaymentEvent = { type: 'refund.initiated', terms };
  if (terms.amountCents > 0) return [initiated];
  return [initiated, { type: 'refund.completed', refundId, reference: null }];
}

/** What the provider said of a refund that we know. */
export function recordRefund(
  refundId: RefundTerms['refundId'],
  outcome: RefundOutcome,
  state: BegunPayment,
): readonly PaymentEvent[] | Refusal {
  const refund = state.refunds[refundId];
  if (!refund) return refuse('NOT_FOUND', 'There is no such refund.');
  switch (outcome.kind) {
    case 'succeeded':
      if (refund.status !== 'pending') return [];
      return [{ type: 'refund.completed', refundId, reference: outcome.reference }];
    case 'failed':
      return failed(refund, outcome.reason, state);
    case 'pending':
    case 'unknown':
      return [];
    default:
      return assertNever(outcome);
  }
}

/**
 * A refund in the provider's list. One that we do not know was made there, by hand: it is booked
 * as it is. While a dispute is open none can begin; it is booked when that has ended.
 */
export function importRefund(
  found: ProviderRefund,
  state: BegunPayment,
): readonly PaymentEvent[] | Refusal {
  const known = knownRefund(found, state);
  if (known) return paidAfterAll(known, found, state) ?? recordRefund(known, found.outcome, state);
  // What the policy keeps, the provider may have paid back all the same.
  const closed = state.status !== 'REFUNDED' && refundRefused(state) !== null;
  if (found.outcome.kind === 'failed' || closed) return [];
  const drawn = drawUpFound(found, state);
  if (isRefusal(drawn)) return drawn;
  const refundId = derivedId(state.sale.paymentId, `refund ${found.reference}`);
  const terms: RefundTerms = {
    refundId,
    origin: state.late ? 'late' : 'provider',
    reason: null,
    freeSeats: state.sale.refundPolicy.freeSeats,
    ...drawn,
  };
  const initiated: PaymentEvent = { type: 'refund.initiated', terms, reference: found.reference };
  if (found.outcome.kind !== 'succeeded') return [initiated];
  return [initiated, { type: 'refund.completed', refundId, reference: found.reference }];
}

/** One of ours that is lost here was all that the sale's policy lets back, or some part. */
function drawUpFound({ amountCents, refundId }: ProviderRefund, state: BegunPayment) {
  const wish = { amountCents, ticketIds: null };
  const ours = refundId === null ? null : drawUpRefund(state, wish, state.sale.refundPolicy);
  if (ours && !isRefusal(ours) && ours.ticketIds.length > 0) return ours;
  return drawUpRefund(state, wish, GIVE_BACK_ALL);
}

/** What we booked as failed has gone out: only a person can say whether it was owed. */
function paidAfterAll(
  known: RefundTerms['refundId'],
  { outcome }: ProviderRefund,
  { refunds }: BegunPayment,
): Refusal | null {
  const status = refunds[known]?.status;
  const ended = status === 'failed' || status === 'reversed';
  if (!ended || outcome.kind !== 'succeeded') return null;
  return refuse('CONFLICT', 'A refund that had failed was paid after all.');
}

function knownRefund(
  { reference, refundId }: ProviderRefund,
  { refunds, sale }: BegunPayment,
): RefundTerms['refundId'] | null {
  const ids = [refundId, derivedId(sale.paymentId, `refund ${reference}`)];
  const byId = ids.find((id) => id !== null && refunds[id] !== undefined);
  if (byId) return byId;
  const byReference = Object.values(refunds).find((refund) => refund.reference === reference);
  return byReference?.terms.refundId ?? null;
}

function refundRefused({ status }: BegunPayment): Refusal | null {
  switch (status) {
    case 'PAID':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDING':
      return null;
    case 'DISPUTED':
      return refuse('PAYMENT_DISPUTED', 'A disputed payment cannot be refunded.');
    case 'REFUNDED':
      return refuse('REFUND_EXCEEDS_ORIGINAL', 'Everything was given back already.', {
        extra: { refundableCents: 0 },
      });
    default:
      return refuse('PAYMENT_STATE_CONFLICT', 'No money of this payment is in: nothing to refund.');
  }
}

function failed(refund: Refund, reason: string, state: BegunPayment): readonly PaymentEvent[] {
  const { refundId } = refund.terms;
  if (refund.status !== 'pending' && refund.status !== 'completed') return [];
  const type = refund.status === 'pending' ? 'refund.failed' : 'refund.reversed';
  const refunds = { ...state.refunds, [refundId]: { ...refund, status: 'failed' as const } };
  const losses = lossesOf({ ...state, refunds });
  const lost = Object.keys(losses).length > 0;
  return [{ type, refundId, reason, ...(lost && { losses }) }];
}
