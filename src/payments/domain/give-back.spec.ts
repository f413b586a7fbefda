import fc from 'fast-check';
import { begunPayment, providerCharge } from '../../../test/builders/payment.js';
import { price, sale, saleTicket, taxLine, taxRecord } from '../../../test/builders/sale.js';
import { decideAndFold } from '../../kernel/decider/decider.js';
import { isRefusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { Journal } from '../../ledger/ledger.contract.js';
import type { ProviderDispute } from './dispute.js';
import { disputeFeeJournal, disputeLostJournal, disputeOpenedJournal } from './dispute-postings.js';
import { givenBack, refundableCents, remainingLines } from './given-back.js';
import { type BegunPayment, payment, type PaymentCommand } from './payment.js';
import { sumOf } from './paid-lines.js';
import { purchaseJournal } from './postings.js';
import { GIVE_BACK_ALL, type GiveBackPolicy } from './refund.js';
import { refundPaidJournal, refundRequestedJournal } from './refund-postings.js';

const DAY = '2025-01-12';

const cents = (max: number) => fc.integer({ min: 0, max });
const bearer = fc.constantFrom('buyer', 'venue');

const prices = fc
  .record({
    tickets: fc.array(cents(20_000), { minLength: 1, maxLength: 6 }),
    platformFee: cents(2_000),
    gasFee: cents(300),
    processingFee: cents(500),
    state: cents(1_500),
    local: cents(700),
    platformPayer: bearer,
    gasPayer: fc.constantFrom('buyer', 'venue', 'platform'),
  })
  .map((drawn) => {
    const tickets = drawn.tickets.map((priceCents) => saleTicket({ priceCents }));
    const subtotal = drawn.tickets.reduce((a, b) => a + b, 0);
    const lines = [
      taxLine({ amountCents: drawn.state }),
      taxLine({ kind: 'local', jurisdiction: 'US-TN-DAVIDSON', amountCents: drawn.local }),
    ];
    return sale({
      tickets,
      price: price({
        subtotal,
        platformFee: drawn.platformFee,
        gasFee: drawn.gasFee,
        processingFee: drawn.processingFee,
        tax: taxRecord({ lines }),
        payers: {
          platformFee: drawn.platformPayer,
          gasFee: drawn.gasPayer,
          processingFee: 'buyer',
        },
      }),
    });
  })
  .filter(({ price: { total } }) => total >= 50);

const policies: fc.Arbitrary<GiveBackPolicy> = fc.record({
  refundPlatformFee: fc.boolean(),
  refundGas: fc.boolean(),
  refundProcessingFee: fc.boolean(),
  freeSeats: fc.boolean(),
});

/** A step that somebody or something may take; numbers are drawn from whatever there is then. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('amount', 'tickets', 'all', 'settle', 'dispute', 'decide', 'foreign'),
    number: fc.nat(1_000_000),
    good: fc.boolean(),
    policy: policies,
  }),
  { maxLength: 14 },
);

type Step = { kind: string; number: number; good: boolean; policy: GiveBackPolicy };

function paid(sold = sale()): BegunPayment {
  const charge = providerCharge({ amountCents: sold.price.total });
  return begunPayment({
    sale: sold,
    status: 'PAID',
    reference: 'pi_1',
    charge,
    capturedCents: sold.price.total,
  });
}

function commandOf(step: Step, state: BegunPayment): PaymentCommand | null {
  const { kind, number, good, policy } = step;
  const asked = { refundId: newId(), origin: 'request', reason: null, policy } as const;
  switch (kind) {
    case 'amount': {
      const amountCents = 1 + (number % (refundableCents(state, policy) + 50));
      return { type: 'RequestRefund', asked: { ...asked, amountCents, ticketIds: null } };
    }
    case 'tickets': {
      const ticket = state.sale.tickets[number % state.sale.tickets.length];
      const ticketIds = ticket ? [ticket.id] : [];
      return { type: 'RequestRefund', asked: { ...asked, amountCents: null, ticketIds } };
    }
    case 'all':
      return { type: 'RequestRefund', asked: { ...asked, amountCents: null, ticketIds: null } };
    case 'settle': {
      const known = Object.values(state.refunds);
      const refund = known[number % Math.max(known.length, 1)];
      if (!refund) return null;
      const reference = `re_${refund.terms.refundId}`;
      return {
        type: 'RecordRefund',
        refundId: refund.terms.refundId,
        outcome: good
          ? { kind: 'succeeded', reference }
          : { kind: 'failed', reference, reason: 'expired_or_canceled_card' },
      };
    }
    case 'foreign':
      return {
        type: 'ImportRefund',
        found: {
          reference: `re_${number}`,
          refundId: null,
          amountCents: 1 + (number % (state.capturedCents + 50)),
          currency: 'USD',
          outcome: { kind: 'succeeded', reference: `re_${number}` },
        },
      };
    case 'dispute':
      return { type: 'RecordDispute', found: dispute(number, state, 'needs_response') };
    default:
      return { type: 'RecordDispute', found: dispute(number, state, good ? 'won' : 'lost') };
  }
}

function dispute(
  number: number,
  { capturedCents }: BegunPayment,
  status: ProviderDispute['status'],
): ProviderDispute {
  return {
    reference: `du_${number % 3}`,
    amountCents: 1 + (number % capturedCents),
    currency: 'USD',
    reason: 'fraudulent',
    status,
    feeCents: 1_500,
    evidenceDueBy: null,
    submissions: 0,
    createdAt: '2025-01-12T00:00:00.000Z',
  };
}

function run(from: BegunPayment, taken: readonly Step[]): BegunPayment[] {
  const states = [from];
  for (const step of taken) {
    const state = states.at(-1) ?? from;
    const command = commandOf(step, state);
    const decision = command && decideAndFold(payment, command, state);
    if (!decision || isRefusal(decision)) continue;
    if (decision.state.status === 'NONE') throw new Error('gone');
    states.push(decision.state);
  }
  return states;
}

function given(state: BegunPayment): number {
  const { refunded, refundPending, disputed, lost } = givenBack(state);
  return refunded + refundPending + disputed + lost;
}

const zero = (journal: Journal | null): boolean =>
  (journal?.postings ?? []).reduce((sum, { amount }) => sum + amount, 0n) === 0n;

describe('any history of refunds and disputes', () => {
  it('never gives back more than was captured, in no line, and every part is whole', () => {
    fc.assert(
      fc.property(prices, steps, (sold, taken) => {
        for (const state of run(paid(sold), taken)) {
          expect(given(state)).toBeLessThanOrEqual(state.capturedCents);
          const lines = remainingLines(state);
          expect(lines.every((line) => line.cents >= 0)).toBe(true);
          const left = sumOf(lines.filter((line) => line.bearer === 'buyer'));
          expect(left).toBe(state.capturedCents - given(state));
          for (const { terms } of Object.values(state.refunds)) {
            const back = paidParts(state, terms.parts);
            expect(back).toBe(terms.amountCents);
          }
        }
      }),
    );
  });

  it('posts journals that balance', () => {
    fc.assert(
      fc.property(prices, steps, (sold, taken) => {
        const state = run(paid(sold), taken).at(-1) ?? paid(sold);
        expect(zero(purchaseJournal(sold, sold.price.total, newId(), DAY))).toBe(true);
        for (const { terms } of Object.values(state.refunds)) {
          expect(zero(refundRequestedJournal(sold, terms, newId(), DAY))).toBe(true);
          expect(zero(refundPaidJournal(sold, terms, newId(), DAY))).toBe(true);
        }
        for (const { terms } of Object.values(state.disputes)) {
          const posted = { sale: sold, terms, id: newId(), businessDate: DAY, late: false };
          expect(zero(disputeOpenedJournal(posted))).toBe(true);
          expect(zero(disputeFeeJournal(posted))).toBe(true);
          expect(zero(disputeLostJournal(posted))).toBe(true);
        }
      }),
    );
  });

  it('loses to a bank all that is left, as far as it asked for', () => {
    fc.assert(
      fc.property(prices, steps, (sold, taken) => {
        for (const state of run(paid(sold), taken)) {
          for (const { terms, status } of Object.values(state.disputes)) {
            if (status !== 'lost') continue;
            const left = sumOf(remainingLines(state).filter((line) => line.bearer === 'buyer'));
            expect(Math.min(left, terms.amountCents - paidParts(state, terms.parts))).toBe(0);
          }
        }
      }),
    );
  });

  it('ends at nothing left when all is asked back, whatever was asked before', () => {
    fc.assert(
      fc.property(prices, steps, (sold, taken) => {
        const before = run(paid(sold), taken).at(-1) ?? paid(sold);
        const decision = decideAndFold(payment, all(GIVE_BACK_ALL), before);
        if (isRefusal(decision) || decision.state.status === 'NONE') return;
        expect(refundableCents(decision.state, GIVE_BACK_ALL)).toBe(0);
        expect(given(decision.state)).toBe(decision.state.capturedCents);
      }),
    );
  });
});

describe('one ticket after the other', () => {
  it('comes to the same as all at once, to the cent', () => {
    fc.assert(
      fc.property(prices, policies, (sold, policy) => {
        let state = paid(sold);
        const whole = refundableCents(state, policy);
        let sum = 0;
        for (const ticket of sold.tickets) {
          const refundId = newId();
          const decision = decideAndFold(
            payment,
            {
              type: 'RequestRefund',
              asked: {
                refundId,
                origin: 'request',
                reason: null,
                policy,
                amountCents: null,
                ticketIds: [ticket.id],
              },
            },
            state,
          );
          if (isRefusal(decision) || decision.state.status === 'NONE') return;
          state = decision.state;
          sum += state.refunds[refundId]?.terms.amountCents ?? 0;
        }
        expect(sum).toBe(whole);
      }),
    );
  });
});

/** What of the parts goes to the buyer. */
function paidParts(state: BegunPayment, parts: Readonly<Record<string, number>>): number {
  return remainingLines(state)
    .filter((line) => line.bearer === 'buyer')
    .reduce((total, line) => total + (parts[line.key] ?? 0), 0);
}

function all(policy: GiveBackPolicy): PaymentCommand {
  return {
    type: 'RequestRefund',
    asked: {
      refundId: newId(),
      origin: 'request',
      reason: null,
      policy,
      amountCents: null,
      ticketIds: null,
    },
  };
}
