import type { Decider } from '../../kernel/decider/decider.js';
import { assertNever, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { initiate, recordOutcome } from './decide-charge.js';
import { recordDispute } from './decide-dispute.js';
import { importRefund, recordRefund, type RefundAsked, requestRefund } from './decide-refund.js';
import { type Losses, type PaymentDispute, type ProviderDispute, taking } from './dispute.js';
import { rest } from './given-back.js';
import type { Parts } from './paid-lines.js';
import type { PaymentEvent } from './payment-events.js';
import type { Decline, ProviderCharge, ProviderOutcome } from './provider-outcome.js';
import type { ProviderRefund, Refund, RefundOutcome } from './refund.js';
import { type Sale, saleOf } from './sale.js';
import { allowedTargets, type PaymentStatus } from './transitions.js';

/** No payment yet, or one with its sale and what the provider has said so far. */
export type Payment = { readonly status: 'NONE' } | BegunPayment;

export interface BegunPayment {
  readonly status: PaymentStatus;
  readonly sale: Sale;
  /** The provider's reference, once it gave one. */
  readonly reference: string | null;
  readonly charge: ProviderCharge | null;
  readonly capturedCents: number;
  readonly decline: Decline | null;
  /** The buyer holds a client secret: an outcome can still arrive without us asking. */
  readonly actionOffered: boolean;
  /** The money came after the sale had ended, and its tickets were gone. */
  readonly late: boolean;
  readonly refunds: Readonly<Record<Uuid, Refund>>;
  readonly disputes: Readonly<Record<Uuid, PaymentDispute>>;
}

export type PaymentCommand =
  | { readonly type: 'Initiate'; readonly sale: Sale }
  | {
      readonly type: 'RecordOutcome';
      readonly outcome: ProviderOutcome;
      /** After the payment had ended: could its tickets be held again? */
      readonly holdRegained: boolean;
    }
  | { readonly type: 'RequestRefund'; readonly asked: RefundAsked }
  | { readonly type: 'RecordRefund'; readonly refundId: Uuid; readonly outcome: RefundOutcome }
  | { readonly type: 'ImportRefund'; readonly found: ProviderRefund }
  | { readonly type: 'RecordDispute'; readonly found: ProviderDispute };

function decide(command: PaymentCommand, state: Payment): readonly PaymentEvent[] | Refusal {
  if (command.type === 'Initiate') return initiate(command.sale, state);
  if (state.status === 'NONE') return refuse('NOT_FOUND', 'There is no such payment.');
  switch (command.type) {
    case 'RecordOutcome':
      return recordOutcome(command.outcome, command.holdRegained, state);
    case 'RequestRefund':
      return requestRefund(command.asked, state);
    case 'RecordRefund':
      return recordRefund(command.refundId, command.outcome, state);
    case 'ImportRefund':
      return importRefund(command.found, state);
    case 'RecordDispute':
      return recordDispute(command.found, state);
    default:
      return assertNever(command);
  }
}

function evolve(state: Payment, event: PaymentEvent): Payment {
  const targets = allowedTargets(state.status, event.type);
  if (targets.length === 0) throw new Error(`${event.type} does not lead from ${state.status}`);
  if (event.type === 'payment.initiated') return begin(saleOf(event.sale));
  if (state.status === 'NONE') throw new Error(`${event.type} before payment.initiated`);
  const next = { ...state, ...changes(event, state) };
  const [only, other] = targets;
  const status = only && !other ? only : rest(next);
  if (targets.includes(status)) return { ...next, status };
  throw new Error(`${event.type} does not lead from ${state.status} to ${status}`);
}

function begin(sale: Sale): BegunPayment {
  return {
    status: 'PENDING',
    sale,
    reference: null,
    charge: null,
    capturedCents: 0,
    decline: null,
    actionOffered: false,
    late: false,
    refunds: {},
    disputes: {},
  };
}

function changes(
  event: Exclude<PaymentEvent, { type: 'payment.initiated' }>,
  { refunds, disputes }: BegunPayment,
): Partial<BegunPayment> {
  switch (event.type) {
    case 'payment.processing':
    case 'payment.outcome_unknown':
    case 'payment.review_required':
      return {};
    case 'payment.requires_action':
      return { reference: event.reference, actionOffered: true };
    case 'payment.authorized':
      return { charge: event.charge, reference: event.charge.reference };
    case 'payment.succeeded':
      return event.charge ? taken(event.charge) : {};
    case 'payment.captured':
    case 'payment.succeeded_late':
      return taken(event.charge);
    case 'payment.late_refund_required':
      return { ...taken(event.charge), late: true };
    case 'payment.failed':
      return { decline: event.decline, ...(event.reference && { reference: event.reference }) };
    case 'payment.cancelled':
    case 'payment.voided':
    case 'payment.expired':
      return { reference: event.reference };
    case 'refund.initiated': {
      const { terms, reference = null } = event;
      const refund: Refund = { terms, status: 'pending', reference };
      return { refunds: { ...refunds, [terms.refundId]: refund } };
    }
    case 'refund.completed':
      return refundBecomes(refunds, event.refundId, {
        status: 'completed',
        reference: event.reference,
      });
    case 'refund.failed':
      return {
        ...refundBecomes(refunds, event.refundId, { status: 'failed' }),
        ...disputesTake(disputes, event.losses),
      };
    case 'refund.reversed':
      return {
        ...refundBecomes(refunds, event.refundId, { status: 'reversed' }),
        ...disputesTake(disputes, event.losses),
      };
    case 'dispute.opened': {
      const { terms } = event;
      return { disputes: { ...disputes, [terms.disputeId]: { terms, status: 'open' } } };
    }
    case 'dispute.won':
      return disputeBecomes(disputes, event.disputeId, 'won');
    case 'dispute.lost':
      return disputeBecomes(disputes, event.disputeId, 'lost', event.added);
    default:
      return assertNever(event);
  }
}

function taken(charge: ProviderCharge): Partial<BegunPayment> {
  return { charge, reference: charge.reference, capturedCents: charge.amountCents };
}

function refundBecomes(
  refunds: BegunPayment['refunds'],
  id: Uuid,
  change: Partial<Refund>,
): Partial<BegunPayment> {
  const refund = refunds[id];
  if (!refund) throw new Error(`refund ${id} was never initiated`);
  return { refunds: { ...refunds, [id]: { ...refund, ...change } } };
}

function disputeBecomes(
  disputes: BegunPayment['disputes'],
  id: Uuid,
  status: PaymentDispute['status'],
  added: Parts = {},
): Partial<BegunPayment> {
  const dispute = disputes[id];
  if (!dispute) throw new Error(`dispute ${id} was never opened`);
  return { disputes: { ...disputes, [id]: { ...taking(dispute, added), status } } };
}

function disputesTake(
  disputes: BegunPayment['disputes'],
  losses: Losses = {},
): Partial<BegunPayment> {
  return Object.entries(losses).reduce<Partial<BegunPayment>>(
    (changed, [id, parts]) => disputeBecomes(changed.disputes ?? disputes, id, 'lost', parts),
    {},
  );
}

/** The payment aggregate: every change of a payment's state is decided here and nowhere else. */
export const payment: Decider<Payment, PaymentCommand, PaymentEvent> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};

/** May the provider still change this payment's outcome? Then somebody has to ask it. */
export function isOpen(status: PaymentStatus): boolean {
  return status === 'PROCESSING' || status === 'UNKNOWN' || status === 'REQUIRES_ACTION';
}

export { isSettled } from './transitions.js';
