import { begunPayment, providerCharge } from '../../../test/builders/payment.js';
import { sale } from '../../../test/builders/sale.js';
import { decideAndFold } from '../../kernel/decider/decider.js';
import { isRefusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { disputeIdOf } from './decide-dispute.js';
import type { ProviderDispute } from './dispute.js';
import { disputeLossAddedJournal, disputeLostJournal } from './dispute-postings.js';
import { givenBack } from './given-back.js';
import { totalOf } from './paid-lines.js';
import { type BegunPayment, payment, type PaymentCommand } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import type { RefundOutcome } from './refund.js';

const SALE = sale();
const TOTAL = SALE.price.total;
const REFUND = newId();
const DISPUTE = disputeIdOf(SALE.paymentId, 'du_1');
const PAID = begunPayment({
  sale: SALE,
  status: 'PAID',
  reference: 'pi_1',
  charge: providerCharge({ amountCents: TOTAL }),
  capturedCents: TOTAL,
});

const refund = (amountCents: number): PaymentCommand => ({
  type: 'RequestRefund',
  asked: {
    refundId: REFUND,
    origin: 'request',
    reason: null,
    policy: SALE.refundPolicy,
    amountCents,
    ticketIds: null,
  },
});
const settle = (outcome: RefundOutcome): PaymentCommand => ({
  type: 'RecordRefund',
  refundId: REFUND,
  outcome,
});
const dispute = (status: ProviderDispute['status'], amountCents = TOTAL): PaymentCommand => ({
  type: 'RecordDispute',
  found: {
    reference: 'du_1',
    amountCents,
    currency: 'USD',
    reason: 'fraudulent',
    status,
    feeCents: 1_500,
    evidenceDueBy: null,
    submissions: 0,
    createdAt: '2025-01-12T00:00:00.000Z',
  },
});

const FAILED: RefundOutcome = { kind: 'failed', reference: 're_1', reason: 'declined' };
const SUCCEEDED: RefundOutcome = { kind: 'succeeded', reference: 're_1' };

/** One after the other; answers the state and the events of the last. */
function after(...commands: readonly PaymentCommand[]) {
  let state: BegunPayment = PAID;
  let events: readonly PaymentEvent[] = [];
  for (const command of commands) {
    const decision = decideAndFold(payment, command, state);
    if (isRefusal(decision) || decision.state.status === 'NONE') throw new Error(command.type);
    ({ events } = decision);
    state = decision.state;
  }
  return { state, events };
}

/** What each account is debited, in cents, when the dispute of a state has been lost. */
function lostJournal({ state, events }: ReturnType<typeof after>): Record<string, number> {
  const lost = events.find((event) => event.type === 'dispute.lost');
  const terms = state.disputes[DISPUTE]?.terms;
  if (!lost || !terms) throw new Error('nothing was lost');
  const posted = { sale: SALE, terms, id: newId(), businessDate: '2025-01-12', late: state.late };
  const { postings } = disputeLostJournal(posted, lost.added);
  return Object.fromEntries(postings.map(({ code, amount }) => [code, Number(amount)]));
}

describe('a dispute of more than a refund on its way leaves', () => {
  const opened = [refund(1_000), dispute('needs_response')] as const;

  it('covers what is left, and the refund’s lines as well when that fails and it is lost', () => {
    expect(givenBack(after(...opened).state)).toMatchObject({ disputed: TOTAL - 1_000 });
    const lost = after(...opened, settle(FAILED), dispute('lost'));
    expect(lost.events).toHaveLength(1);
    const added =
      lost.events.flatMap((event) =>
        event.type === 'dispute.lost' ? [event.added ?? {}] : [],
      )[0] ?? {};
    expect(totalOf(added)).toBe(1_000);
    expect(givenBack(lost.state)).toMatchObject({ lost: TOTAL, disputed: 0 });
    expect(lost.state.status).toBe('REFUNDED');
    const { dispute_hold: held = 0, dispute_tickets: drawn = 0, ...journal } = lostJournal(lost);
    expect(drawn).toBe(added.tickets);
    expect(held + drawn).toBe(SALE.price.subtotal);
    expect(journal).not.toHaveProperty('dispute_uncovered');
  });

  it('takes what the refund leaves as well when that fails or comes back after it is lost', () => {
    for (const before of [[], [settle(SUCCEEDED)]]) {
      const { state, events } = after(...opened, dispute('lost'), ...before, settle(FAILED));
      expect(events).toHaveLength(1);
      const [event] = events;
      if (event?.type !== 'refund.failed' && event?.type !== 'refund.reversed') throw new Error();
      const losses = event.losses?.[DISPUTE] ?? {};
      expect(totalOf(losses)).toBe(1_000);
      expect(givenBack(state)).toMatchObject({ lost: TOTAL, refunded: 0 });
      expect(state.status).toBe('REFUNDED');
      const posted = { sale: SALE, id: newId(), businessDate: '2025-01-12', late: state.late };
      const { postings } = disputeLossAddedJournal(posted, losses);
      expect(postings).toContainEqual({
        account: 'platform:dispute-losses',
        amount: -1_000n,
        code: 'dispute_uncovered',
      });
      expect(postings).toContainEqual({
        account: `venue:${SALE.venueId}:debt`,
        amount: BigInt(losses.tickets ?? 0),
        code: 'dispute_tickets',
      });
    }
  });

  it('is the platform’s loss where the refund went through', () => {
    const lost = after(...opened, settle(SUCCEEDED), dispute('lost'));
    expect(lost.events).toEqual([{ type: 'dispute.lost', disputeId: DISPUTE }]);
    expect(lostJournal(lost)).toMatchObject({ dispute_uncovered: 1_000 });
    expect(lostJournal(lost)).not.toHaveProperty('dispute_tickets');
  });

  it('takes no more than was disputed', () => {
    const less = TOTAL - 600;
    const [first, last] = [dispute('under_review', less), dispute('lost', less)];
    const lost = after(refund(1_000), first, settle(FAILED), last);
    expect(lost.events).toMatchObject([{ type: 'dispute.lost' }]);
    expect(givenBack(lost.state).lost).toBe(less);
    expect(lostJournal(lost)).not.toHaveProperty('dispute_uncovered');
  });

  it('takes nothing when it is won, and leaves what the refund left', () => {
    const { state, events } = after(...opened, settle(FAILED), dispute('won'));
    expect(events).toEqual([{ type: 'dispute.won', disputeId: DISPUTE }]);
    expect(state.status).toBe('PAID');
  });
});

it('late money is the buyer’s: what is lost of it was set aside, added or not', () => {
  const lost = after(refund(1_000), dispute('needs_response'), settle(FAILED), dispute('lost'));
  expect(lostJournal({ ...lost, state: { ...lost.state, late: true } })).toEqual({
    dispute: -TOTAL,
    dispute_late_charge: TOTAL,
  });
});
