import type { Decider } from '../../kernel/decider/decider.js';
import { assertNever, refuse, type Refusal } from '../../kernel/errors.js';
import type { PaymentEvent } from './payment-events.js';
import type { Decline, ProviderCharge, ProviderOutcome } from './provider-outcome.js';
import type { Sale } from './sale.js';
import { nextState, type PaymentStatus } from './transitions.js';

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
}

export type PaymentCommand =
  | { readonly type: 'Initiate'; readonly sale: Sale }
  | {
      readonly type: 'RecordOutcome';
      readonly outcome: ProviderOutcome;
      /** After the payment had ended: could its tickets be held again? */
      readonly holdRegained: boolean;
    };

function decide(command: PaymentCommand, state: Payment): readonly PaymentEvent[] | Refusal {
  switch (command.type) {
    case 'Initiate':
      return initiate(command.sale, state);
    case 'RecordOutcome':
      if (state.status === 'NONE') return refuse('NOT_FOUND', 'There is no such payment.');
      return recordOutcome(command.outcome, command.holdRegained, state);
    default:
      return assertNever(command);
  }
}

function initiate(sale: Sale, state: Payment): readonly PaymentEvent[] | Refusal {
  if (state.status !== 'NONE') {
    return refuse('PAYMENT_STATE_CONFLICT', 'This payment has begun already.');
  }
  const begun: PaymentEvent = { type: 'payment.initiated', sale };
  const free: PaymentEvent = { type: 'payment.succeeded', charge: null };
  return [begun, sale.price.total === 0 ? free : { type: 'payment.processing' }];
}

/** A transition that already happened is a success that changes nothing: the list is then empty. */
function recordOutcome(
  outcome: ProviderOutcome,
  holdRegained: boolean,
  state: BegunPayment,
): readonly PaymentEvent[] {
  switch (state.status) {
    case 'PROCESSING':
    case 'UNKNOWN':
    case 'REQUIRES_ACTION':
      return whileOpen(outcome, state.status);
    case 'AUTHORIZED':
    case 'IN_REVIEW':
      return whileAuthorized(outcome);
    case 'PAYMENT_FAILED':
    case 'CANCELLED':
    case 'EXPIRED':
      return afterTheEnd(outcome, holdRegained);
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
): readonly PaymentEvent[] {
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'payment.succeeded', charge: outcome.charge }];
    case 'authorized':
      return [{ type: 'payment.authorized', charge: outcome.charge }];
    case 'failed':
      return [{ type: 'payment.failed', reference: outcome.reference, decline: outcome.decline }];
    case 'cancelled':
      return [{ type: 'payment.cancelled', reference: outcome.reference }];
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
  if (outcome.kind === 'cancelled') {
    return [{ type: 'payment.voided', reference: outcome.reference }];
  }
  return [];
}

function afterTheEnd(outcome: ProviderOutcome, holdRegained: boolean): readonly PaymentEvent[] {
  if (outcome.kind !== 'succeeded') return [];
  const { charge } = outcome;
  return [
    { type: holdRegained ? 'payment.succeeded_late' : 'payment.late_refund_required', charge },
  ];
}

function evolve(state: Payment, event: PaymentEvent): Payment {
  const status = nextState(state.status, event.type);
  if (event.type === 'payment.initiated') return begin(event.sale, status);
  if (state.status === 'NONE') throw new Error(`${event.type} before payment.initiated`);
  return { ...state, ...changes(event), status };
}

function begin(sale: Sale, status: PaymentStatus): BegunPayment {
  return {
    status,
    sale,
    reference: null,
    charge: null,
    capturedCents: 0,
    decline: null,
    actionOffered: false,
  };
}

function changes(
  event: Exclude<PaymentEvent, { type: 'payment.initiated' }>,
): Partial<BegunPayment> {
  switch (event.type) {
    case 'payment.processing':
    case 'payment.outcome_unknown':
      return {};
    case 'payment.requires_action':
      return { reference: event.reference, actionOffered: true };
    case 'payment.authorized':
      return { charge: event.charge, reference: event.charge.reference };
    case 'payment.succeeded':
      return event.charge ? taken(event.charge) : {};
    case 'payment.captured':
    case 'payment.succeeded_late':
    case 'payment.late_refund_required':
      return taken(event.charge);
    case 'payment.failed':
      return { decline: event.decline, ...(event.reference && { reference: event.reference }) };
    case 'payment.cancelled':
    case 'payment.voided':
      return { reference: event.reference };
    default:
      return assertNever(event);
  }
}

function taken(charge: ProviderCharge): Partial<BegunPayment> {
  return { charge, reference: charge.reference, capturedCents: charge.amountCents };
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

/** Is the buyer's money in? Then the provider has nothing more to say about the charge itself. */
export function isSettled(status: PaymentStatus): boolean {
  return ['PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED'].includes(status);
}
