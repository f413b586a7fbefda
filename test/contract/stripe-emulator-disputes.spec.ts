import type Stripe from 'stripe';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import {
  cardPayment,
  clientOf,
  disputedPayment,
  Emulators,
  eventually,
  refusal,
} from './support/stripe-sandbox.js';

const HOUR = 3_600_000;
const DAY = 86_400;
const AMOUNT = 12_345;
const FEE = 388;
const emulators = new Emulators();
let emulator: StripeEmulator;
let stripe: Stripe;

beforeEach(async () => {
  emulator = await emulators.start({
    disputeLagMs: HOUR,
    refundLagMs: HOUR,
  });
  ({ stripe } = clientOf(emulator));
});
afterEach(() => emulators.stopAll());

const pay = (payment_method = 'pm_card_visa') =>
  stripe.paymentIntents.create(cardPayment({ payment_method }));
const disputed = (card?: string) => disputedPayment(emulator, stripe, card);
const disputeEvents = async () => {
  const { data } = await stripe.events.list({ type: 'charge.dispute.*' });
  return data.map(({ type }) => type.replace('charge.dispute.', '')).reverse();
};
const net = async () => {
  const { pending, available } = await stripe.balance.retrieve();
  return (pending[0]?.amount ?? 0) + (available[0]?.amount ?? 0);
};
const respond = (id: string, uncategorized_text: string) =>
  stripe.disputes.update(id, { evidence: { uncategorized_text } });

describe('a card that disputes', () => {
  test.each([
    ['pm_card_createDispute', 'fraudulent', '10.4'],
    ['pm_card_createDisputeProductNotReceived', 'product_not_received', '13.1'],
  ])('%s: %s, and the money is gone', async (card, reason, code) => {
    const { dispute, charge, payment } = await disputed(card);
    expect(dispute).toMatchObject({
      amount: AMOUNT,
      charge,
      payment_intent: payment.id,
      reason,
      status: 'needs_response',
      is_charge_refundable: false,
      network_reason_code: code,
      payment_method_details: { card: { case_type: 'chargeback', brand: 'visa' } },
      evidence_details: {
        has_evidence: false,
        past_due: false,
        submission_count: 0,
        submission_method: 'not_submitted',
      },
      balance_transactions: [
        {
          amount: -AMOUNT,
          fee: 1500,
          net: -AMOUNT - 1500,
          type: 'adjustment',
          reporting_category: 'dispute',
          source: dispute.id,
          fee_details: [{ description: 'Dispute fee', amount: 1500 }],
        },
      ],
    });
    const due = dispute.evidence_details.due_by ?? 0;
    expect((due + 1) % DAY).toBe(0);
    expect(due - dispute.created).toBeGreaterThanOrEqual(9 * DAY);
    expect((await stripe.charges.retrieve(charge)).disputed).toBe(true);
    expect(await net()).toBe(-FEE - 1500);
    expect(await disputeEvents()).toEqual(['created', 'funds_withdrawn']);
  });

  test('pm_card_createDisputeInquiry asks, and moves nothing', async () => {
    const { dispute, payment } = await disputed('pm_card_createDisputeInquiry');
    expect(dispute).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      balance_transactions: [],
      payment_method_details: { card: { case_type: 'inquiry' } },
    });
    expect(await net()).toBe(AMOUNT - FEE);
    expect(await disputeEvents()).toEqual(['created']);
    expect((await stripe.refunds.create({ payment_intent: payment.id })).status).toBe('succeeded');
  });

  test('does so by itself, only after the capture, and not what is refunded', async () => {
    emulator.setLags({ disputeLagMs: 5 });
    const manual = { payment_method: 'pm_card_createDispute', capture_method: 'manual' as const };
    const held = await stripe.paymentIntents.create(cardPayment(manual));
    const other = await pay('pm_card_createDispute');
    const listed = await eventually(async () => (await stripe.disputes.list()).data[0]);
    expect(listed.payment_intent).toBe(other.id);
    emulator.setLags({ disputeLagMs: HOUR });
    await stripe.paymentIntents.capture(held.id);
    await stripe.refunds.create({ payment_intent: held.id });
    emulator.bank.advance();
    expect((await stripe.disputes.list()).data).toHaveLength(1);
  });
});

describe('the end of a dispute', () => {
  test('winning_evidence: won, the amount comes back, the fee does not', async () => {
    const { dispute, payment } = await disputed();
    expect((await respond(dispute.id, 'winning_evidence')).status).toBe('under_review');
    emulator.bank.advance();
    const won = await stripe.disputes.retrieve(dispute.id);
    expect(won).toMatchObject({
      status: 'won',
      is_charge_refundable: true,
      balance_transactions: [
        { amount: -AMOUNT },
        { amount: AMOUNT, fee: 0, type: 'adjustment', reporting_category: 'dispute_reversal' },
      ],
    });
    expect(await net()).toBe(AMOUNT - FEE - 1500);
    expect((await disputeEvents()).slice(2)).toEqual(['updated', 'funds_reinstated', 'closed']);
    expect((await stripe.refunds.create({ payment_intent: payment.id })).amount).toBe(AMOUNT);
  });

  test('losing_evidence: lost, by itself', async () => {
    const { dispute } = await disputed();
    emulator.setLags({ disputeLagMs: 5 });
    await respond(dispute.id, 'losing_evidence');
    await eventually(async () => (await stripe.disputes.retrieve(dispute.id)).status === 'lost');
    expect(await net()).toBe(-FEE - 1500);
    expect((await disputeEvents()).slice(2)).toEqual(['updated', 'closed']);
  });

  test('closing accepts the loss, once', async () => {
    const { dispute } = await disputed();
    expect((await stripe.disputes.close(dispute.id)).status).toBe('lost');
    expect((await refusal(stripe.disputes.close(dispute.id))).statusCode).toBe(400);
    expect((await disputeEvents()).slice(2)).toEqual(['closed']);
  });

  test.each([
    ['winning_evidence', 'warning_closed', AMOUNT - FEE, ['updated', 'closed']],
    [
      'escalate_inquiry_evidence',
      'needs_response',
      -FEE - 1500,
      ['updated', 'updated', 'funds_withdrawn'],
    ],
  ])('an inquiry answered with %s: %s', async (text, status, balance, events) => {
    const { dispute } = await disputed('pm_card_createDisputeInquiry');
    expect((await respond(dispute.id, text)).status).toBe('warning_under_review');
    emulator.bank.advance();
    expect((await stripe.disputes.retrieve(dispute.id)).status).toBe(status);
    expect(await net()).toBe(balance);
    expect((await disputeEvents()).slice(1)).toEqual(events);
  });

  test('while it is open, and after it is lost, the charge is not refunded', async () => {
    const { dispute, charge } = await disputed();
    const open = await refusal(stripe.refunds.create({ charge, amount: 1 }));
    expect(open).toMatchObject({
      code: 'charge_disputed',
      message: `Charge ${charge} has been charged back; cannot issue a refund.`,
    });
    emulator.bank.decideDispute(dispute.id, 'lost');
    const lost = await refusal(stripe.refunds.create({ charge, amount: 1 }));
    expect(lost.code).toBe('charge_disputed');
    expect(emulator.truth().refunds).toEqual([]);
  });
});

describe('a dispute the bank is told to open', () => {
  test('of any charge, in part, with money that moves apart from it', async () => {
    const charge = (await pay()).latest_charge as string;
    const opened = emulator.bank.openDispute(charge, {
      amount: 5000,
      reason: 'duplicate',
      withdraw: false,
    });
    const { id } = opened as { id: string };
    expect(opened).toMatchObject({ amount: 5000, reason: 'duplicate', balance_transactions: [] });
    emulator.bank.moveDisputeFunds(id, 'withdraw');
    expect(await net()).toBe(AMOUNT - FEE - 5000 - 1500);
    expect(() => emulator.bank.moveDisputeFunds(id, 'withdraw')).toThrow('no funds');
    emulator.bank.decideDispute(id, 'won', { returnFee: true });
    expect(await net()).toBe(AMOUNT - FEE);
    expect(() => emulator.bank.decideDispute(id, 'lost')).toThrow('is won');
    expect(await disputeEvents()).toEqual([
      'created',
      'funds_withdrawn',
      'funds_reinstated',
      'closed',
    ]);
  });

  test('gives back nothing that it never took', async () => {
    const charge = (await pay()).latest_charge as string;
    const { id } = emulator.bank.openDispute(charge, { withdraw: false }) as { id: string };
    expect(() => emulator.bank.moveDisputeFunds(id, 'reinstate')).toThrow('no funds');
    emulator.bank.decideDispute(id, 'won');
    expect(await net()).toBe(AMOUNT - FEE);
    expect(await disputeEvents()).toEqual(['created', 'closed']);
  });

  test('fails a refund on its way', async () => {
    const payment = await pay('pm_card_pendingRefund');
    const refund = await stripe.refunds.create({ payment_intent: payment.id, amount: 345 });
    emulator.bank.openDispute(payment.latest_charge as string);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'charge_for_pending_refund_disputed',
    });
  });

  test('only of captured charges, and for no more than was captured', async () => {
    const held = await stripe.paymentIntents.create(cardPayment({ capture_method: 'manual' }));
    const charge = (await pay()).latest_charge as string;
    const { bank } = emulator;
    expect(() => bank.openDispute(held.latest_charge as string)).toThrow('cannot be disputed');
    expect(() => bank.openDispute(charge, { amount: AMOUNT + 1 })).toThrow('cannot be disputed');
    expect(() => bank.openDispute('ch_1')).toThrow('No such charge');
    expect(emulator.truth().disputes).toEqual([]);
  });
});

test('lists by charge, intent and window, and expands', async () => {
  const first = await disputed();
  const second = await disputed('pm_card_createDisputeInquiry');
  const list = async (params: Stripe.DisputeListParams) =>
    (await stripe.disputes.list(params)).data.map(({ id }) => id);
  expect(await list({ limit: 1 })).toEqual([second.dispute.id]);
  expect(await list({ charge: first.charge })).toEqual([first.dispute.id]);
  expect(await list({ payment_intent: second.payment.id })).toEqual([second.dispute.id]);
  expect(await list({ created: { lt: first.dispute.created } })).toEqual([]);
  const found = await stripe.disputes.retrieve(first.dispute.id, {
    expand: ['charge', 'payment_intent'],
  });
  expect(found.charge).toMatchObject({ id: first.charge, disputed: true });
  const { data } = await stripe.balanceTransactions.list({
    source: first.dispute.id,
    expand: ['data.source.charge'],
  });
  expect(data).toMatchObject([
    { type: 'adjustment', source: { object: 'dispute', charge: { id: first.charge } } },
  ]);
});
