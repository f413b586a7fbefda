import { assertNever, refuse, type Refusal } from '../../kernel/errors.js';
import { derivedId } from '../../kernel/ids.js';
import type { BegunPayment, Payment } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import { paidLines } from './paid-lines.js';
import type { ProviderCharge, ProviderOutcome } from './provider-outcome.js';
import { GIVE_BACK_ALL, type RefundTerms } from './refund.js';
import type { Sale } from './sale.js';

/** A payment begins; one that costs nothing is paid at once. */
export function initiate(sale: Sale, state: Payment): readonly PaymentEvent[] | Refusal {
  if (state.status !== 'NONE') {
    return refuse('PAYMENT_STATE_CONFLICT', 'This payment has begun already.');
  }
  const begun: PaymentEvent = { type: 'payment.initiated', sale };
  const free: PaymentEvent = { type: 'payment.succeeded', charge: null };
  return [begun, sale.price.total === 0 ? free : { type: 'payment.processing' }];
}

/**
 * What the provider said of the charge. A transition that already happened is a success that
 * changes nothing: the list is then empty.
 */
export function recordOutcome(
  outcome: ProviderOutcome,
  holdRegained: boolean,
  state: BegunPayment,
): readonly PaymentEvent[] {
  switch (state.status) {
    case 'PROCESSING':
    case 'UNKNOWN':
    case 'REQUIRES_ACTION':
      return whileOpen(outcome, state.status, state.sale);
    case 'AUTHORIZED':
    case 'IN_REVIEW':
      return whileAuthorized(outcome);
    case 'PAYMENT_FAILED':
    case 'CANCELLED':
    case 'EXPIRED':
      return afterTheEnd(outcome, holdRegained, state);
    case 'PENDING':
    case 'PAID':
    case 'REFUNDING':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDED':
    case 'DISPUTED':
      return [];
    default:
      return assertNever(state.status);
  }
}

function whileOpen(
  outcome: ProviderOutcome,
  status: 'PROCESSING' | 'UNKNOWN' | 'REQUIRES_ACTION',
  { charge: terms }: Sale,
): readonly PaymentEvent[] {
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'payment.succeeded', charge: outcome.charge }];
    case 'authorized':
      return [
        { type: 'payment.authorized', charge: outcome.charge },
        ...(terms.screening === 'review' ? [{ type: 'payment.review_required' } as const] : []),
      ];
    case 'failed':
      return [{ type: 'payment.failed', reference: outcome.reference, decline: outcome.decline }];
    case 'cancelled':
      return [ended(outcome, 'payment.cancelled')];
    case 'requires_action': {
      const { reference, action } = outcome;
      if (status === 'REQUIRES_ACTION') return [];
      return [{ type: 'payment.requires_action', reference, action: action.type }];
    }
    case 'processing':
      return status === 'REQUIRES_ACTION' ? [{ type: 'payment.processing' }] : [];
    case 'unknown':
      return status === 'PROCESSING'
        ? [{ type: 'payment.outcome_unknown', reason: outcome.reason }]
        : [];
    default:
      return assertNever(outcome);
  }
}

function whileAuthorized(outcome: ProviderOutcome): readonly PaymentEvent[] {
  if (outcome.kind === 'succeeded') return [{ type: 'payment.captured', charge: outcome.charge }];
  if (outcome.kind === 'cancelled') return [ended(outcome, 'payment.voided')];
  return [];
}

function ended(
  { reference, expired }: Extract<ProviderOutcome, { kind: 'cancelled' }>,
  otherwise: 'payment.cancelled' | 'payment.voided',
): PaymentEvent {
  return { type: expired ? 'payment.expired' : otherwise, reference };
}

/** Money that came for a sale that had ended: it is sold after all, or goes back by itself. */
function afterTheEnd(
  outcome: ProviderOutcome,
  holdRegained: boolean,
  { sale }: BegunPayment,
): readonly PaymentEvent[] {
  if (outcome.kind !== 'succeeded') return [];
  const { charge } = outcome;
  if (holdRegained) return [{ type: 'payment.succeeded_late', charge }];
  return [
    { type: 'payment.late_refund_required', charge },
    { type: 'refund.initiated', terms: lateRefund(sale, charge) },
  ];
}

function lateRefund(sale: Sale, charge: ProviderCharge): RefundTerms {
  const lines = paidLines(sale, charge.amountCents).filter((line) => line.bearer === 'buyer');
  return {
    refundId: derivedId(sale.paymentId, 'late refund'),
    origin: 'late',
    amountCents: charge.amountCents,
    parts: Object.fromEntries(lines.map(({ key, cents }) => [key, cents])),
    ticketIds: sale.tickets.map((ticket) => ticket.id),
    freeSeats: GIVE_BACK_ALL.freeSeats,
    reason: null,
  };
}
