import { begunPayment, decline, OUTCOMES, providerCharge } from '../../../test/builders/payment.js';
import { freePrice, sale } from '../../../test/builders/sale.js';
import { decideAndFold, fold } from '../../kernel/decider/decider.js';
import { isRefusal } from '../../kernel/errors.js';
import { isOpen, isSettled, type Payment, payment, type PaymentCommand } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import type { ProviderOutcome } from './provider-outcome.js';
import { PAYMENT_STATES, type PaymentStatus } from './transitions.js';

const theSale = sale();
const record = (outcome: ProviderOutcome, holdRegained = true): PaymentCommand => ({
  type: 'RecordOutcome',
  outcome,
  holdRegained,
});

/** The events that follow when `command` meets the payment that `history` has made. */
function when(history: readonly PaymentEvent[], command: PaymentCommand) {
  const decision = decideAndFold(payment, command, fold(payment, history));
  if (isRefusal(decision)) throw new Error(`refused: ${decision.refused}`);
  return decision;
}

const INITIATED: PaymentEvent = { type: 'payment.initiated', sale: theSale };
const PROCESSING: PaymentEvent[] = [INITIATED, { type: 'payment.processing' }];
const REQUIRES_ACTION: PaymentEvent[] = [
  ...PROCESSING,
  { type: 'payment.requires_action', reference: 'pi_1', action: 'redirect_to_url' },
];
const AUTHORIZED: PaymentEvent[] = [
  ...PROCESSING,
  { type: 'payment.authorized', charge: providerCharge() },
];
const FAILED: PaymentEvent[] = [
  ...PROCESSING,
  { type: 'payment.failed', reference: null, decline: decline() },
];

describe('initiating', () => {
  it('begins a charge', () => {
    const { events, state } = when([], { type: 'Initiate', sale: theSale });
    expect(events).toEqual([INITIATED, { type: 'payment.processing' }]);
    expect(state).toEqual({
      status: 'PROCESSING',
      sale: theSale,
      reference: null,
      charge: null,
      capturedCents: 0,
      decline: null,
      actionOffered: false,
      late: false,
      refunds: {},
      disputes: {},
    });
  });

  it('pays a sale of nothing without asking a provider', () => {
    const free = sale({ price: freePrice() });
    const { events, state } = when([], { type: 'Initiate', sale: free });
    expect(events.map(({ type }) => type)).toEqual(['payment.initiated', 'payment.succeeded']);
    expect(state).toMatchObject({ status: 'PAID', capturedCents: 0, charge: null });
  });
});

describe('a payment that a person has to look at', () => {
  const reviewed = sale({ charge: { capture: 'manual', screening: 'review' } });
  const asked: PaymentEvent[] = [
    { type: 'payment.initiated', sale: reviewed },
    { type: 'payment.processing' },
  ];

  it('waits with the money held at the bank', () => {
    const { events, state } = when(asked, record(OUTCOMES.authorized));
    expect(events).toEqual([
      { type: 'payment.authorized', charge: providerCharge() },
      { type: 'payment.review_required' },
    ]);
    expect(state).toMatchObject({ status: 'IN_REVIEW', reference: providerCharge().reference });
  });

  it.each<[keyof typeof OUTCOMES, PaymentStatus]>([
    ['succeeded', 'PAID'],
    ['cancelled', 'CANCELLED'],
    ['authorized', 'IN_REVIEW'],
    ['unknown', 'IN_REVIEW'],
  ])('and becomes, once it is %s, %s', (kind, status) => {
    const { events } = when(asked, record(OUTCOMES.authorized));
    expect(when([...asked, ...events], record(OUTCOMES[kind])).state.status).toBe(status);
  });
});

describe('an open payment', () => {
  it('is paid by a charge that succeeded', () => {
    const { events, state } = when(PROCESSING, record(OUTCOMES.succeeded));
    expect(events).toEqual([{ type: 'payment.succeeded', charge: providerCharge() }]);
    expect(state).toMatchObject({
      status: 'PAID',
      capturedCents: 11_845,
      reference: 'pi_1',
      charge: providerCharge(),
    });
  });

  it('is authorized without a cent captured', () => {
    const { state } = when(PROCESSING, record(OUTCOMES.authorized));
    expect(state).toMatchObject({ status: 'AUTHORIZED', capturedCents: 0, reference: 'pi_1' });
  });

  it('waits for the buyer, keeping the reference and no secret', () => {
    const { events, state } = when(PROCESSING, record(OUTCOMES.requires_action));
    expect(events).toEqual([
      { type: 'payment.requires_action', reference: 'pi_1', action: 'redirect_to_url' },
    ]);
    expect(state).toMatchObject({ status: 'REQUIRES_ACTION', actionOffered: true });
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('goes on processing after the buyer has acted', () => {
    const { events, state } = when(REQUIRES_ACTION, record(OUTCOMES.processing));
    expect(events).toEqual([{ type: 'payment.processing' }]);
    expect(state).toMatchObject({ status: 'PROCESSING', reference: 'pi_1', actionOffered: true });
  });

  it('fails with the reason, and keeps a reference it had when the refusal brings none', () => {
    const refusal = { ...OUTCOMES.failed, reference: null };
    const { state } = when(REQUIRES_ACTION, record(refusal));
    expect(state).toMatchObject({
      status: 'PAYMENT_FAILED',
      decline: decline(),
      reference: 'pi_1',
      capturedCents: 0,
    });
  });

  it('keeps an outcome that nobody knows open, with the reason in its history', () => {
    const { events, state } = when(PROCESSING, record(OUTCOMES.unknown));
    expect(events).toEqual([{ type: 'payment.outcome_unknown', reason: 'StripeConnectionError' }]);
    expect(state.status).toBe('UNKNOWN');
  });

  it('is cancelled when the provider says so', () => {
    const { state } = when(PROCESSING, record(OUTCOMES.cancelled));
    expect(state).toMatchObject({ status: 'CANCELLED', reference: 'pi_1' });
  });
});

describe('an authorized payment', () => {
  it('is paid by its capture', () => {
    const { events, state } = when(AUTHORIZED, record(OUTCOMES.succeeded));
    expect(events).toEqual([{ type: 'payment.captured', charge: providerCharge() }]);
    expect(state).toMatchObject({ status: 'PAID', capturedCents: 11_845 });
  });

  it('is voided, not cancelled, when the provider lets go of it', () => {
    const { events, state } = when(AUTHORIZED, record(OUTCOMES.cancelled));
    expect(events).toEqual([{ type: 'payment.voided', reference: 'pi_1' }]);
    expect(state.status).toBe('CANCELLED');
  });
});

describe('money that arrives after the end', () => {
  it('pays the payment when its tickets could be held again', () => {
    const { events, state } = when(FAILED, record(OUTCOMES.succeeded, true));
    expect(events).toEqual([{ type: 'payment.succeeded_late', charge: providerCharge() }]);
    expect(state).toMatchObject({ status: 'PAID', capturedCents: 11_845 });
  });

  it('goes back when somebody else has the tickets', () => {
    const { events, state } = when(FAILED, record(OUTCOMES.succeeded, false));
    expect(events).toMatchObject([
      { type: 'payment.late_refund_required', charge: providerCharge() },
      { type: 'refund.initiated', terms: { origin: 'late', amountCents: 11_845 } },
    ]);
    expect(state).toMatchObject({ status: 'REFUNDING', capturedCents: 11_845 });
  });
});

describe('evolve', () => {
  it('throws on an event before the first one', () => {
    expect(() => fold(payment, [{ type: 'payment.processing' }])).toThrow('from NONE');
  });

  it('throws on an event that the table does not allow', () => {
    expect(() => fold(payment, [...PROCESSING, INITIATED])).toThrow('from PROCESSING');
  });
});

/**
 * What each command does in each state: the event it causes, '-' for a success that changes
 * nothing, or the refusal. `lost` is a success whose tickets could not be held again.
 */
const TABLE = `
                   | Initiate | succeeded      | lost                 | authorized | requires_action | processing | failed | cancelled | unknown
NONE               | initiated+processing | NOT_FOUND | NOT_FOUND    | NOT_FOUND  | NOT_FOUND       | NOT_FOUND  | NOT_FOUND | NOT_FOUND | NOT_FOUND
PENDING            | CONFLICT | -              | -                    | -          | -               | -          | -      | -         | -
PROCESSING         | CONFLICT | succeeded      | succeeded            | authorized | requires_action | -          | failed | cancelled | outcome_unknown
UNKNOWN            | CONFLICT | succeeded      | succeeded            | authorized | requires_action | -          | failed | cancelled | -
REQUIRES_ACTION    | CONFLICT | succeeded      | succeeded            | authorized | -               | processing | failed | cancelled | -
AUTHORIZED         | CONFLICT | captured       | captured             | -          | -               | -          | -      | voided    | -
IN_REVIEW          | CONFLICT | captured       | captured             | -          | -               | -          | -      | voided    | -
PAID               | CONFLICT | -              | -                    | -          | -               | -          | -      | -         | -
PAYMENT_FAILED     | CONFLICT | succeeded_late | late_refund_required+refund.initiated | -          | -               | -          | -      | -         | -
CANCELLED          | CONFLICT | succeeded_late | late_refund_required+refund.initiated | -          | -               | -          | -      | -         | -
EXPIRED            | CONFLICT | succeeded_late | late_refund_required+refund.initiated | -          | -               | -          | -      | -         | -
REFUNDING          | CONFLICT | -              | -                    | -          | -               | -          | -      | -         | -
PARTIALLY_REFUNDED | CONFLICT | -              | -                    | -          | -               | -          | -      | -         | -
REFUNDED           | CONFLICT | -              | -                    | -          | -               | -          | -      | -         | -
DISPUTED           | CONFLICT | -              | -                    | -          | -               | -          | -      | -         | -
`;

const [[, ...COLUMNS] = [], ...ROWS] = TABLE.split('\n')
  .filter((line) => line.includes('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

const inState = (status: string): Payment =>
  status === 'NONE' ? payment.initial : begunPayment({ status: status as PaymentStatus });

function command(column: string): PaymentCommand {
  if (column === 'Initiate') return { type: 'Initiate', sale: sale() };
  if (column === 'lost') return record(OUTCOMES.succeeded, false);
  return record(OUTCOMES[column as keyof typeof OUTCOMES]);
}

function answer(status: string, column: string): string {
  const decision = decideAndFold(payment, command(column), inState(status));
  if (isRefusal(decision)) return decision.refused.replace('PAYMENT_STATE_', '');
  return decision.events.map(({ type }) => type.replace('payment.', '')).join('+') || '-';
}

describe('every state × every command', () => {
  it('is in the table', () => {
    expect(ROWS.map(([state]) => state).sort()).toEqual(['NONE', ...PAYMENT_STATES].sort());
    expect([...COLUMNS].sort()).toEqual(['Initiate', 'lost', ...Object.keys(OUTCOMES)].sort());
  });

  it.each(ROWS.map(([state = '', ...cells]) => [state, cells] as const))(
    '%s answers as the table says',
    (state, cells) => {
      expect(COLUMNS.map((column) => answer(state, column))).toEqual(cells);
    },
  );
});

describe('isOpen and isSettled', () => {
  it('name the states in which somebody has to ask, and those in which the money is in', () => {
    expect(PAYMENT_STATES.filter(isOpen)).toEqual(['PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION']);
    expect(PAYMENT_STATES.filter(isSettled)).toEqual([
      'PAID',
      'REFUNDING',
      'PARTIALLY_REFUNDED',
      'REFUNDED',
      'DISPUTED',
    ]);
  });
});
