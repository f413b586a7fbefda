import type Stripe from 'stripe';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { cardPayment, clientOf, Emulators, eventually, refusal } from './support/stripe-sandbox.js';

const HOUR = 3_600_000;
const emulators = new Emulators();
let emulator: StripeEmulator;
let stripe: Stripe;

beforeEach(async () => {
  emulator = await emulators.start({ refundLagMs: HOUR, disputeLagMs: HOUR });
  ({ stripe } = clientOf(emulator));
});
afterEach(() => emulators.stopAll());

const pay = (overrides: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create(cardPayment({ description: 'Two tickets', ...overrides }));
const refund = (payment: Stripe.PaymentIntent, params: Stripe.RefundCreateParams = {}) =>
  stripe.refunds.create({ payment_intent: payment.id, ...params });
const chargeOf = (payment: Stripe.PaymentIntent) =>
  stripe.charges.retrieve(payment.latest_charge as string);
/** Types of the events since the payment, oldest first. */
const told = async () => {
  const { data } = await stripe.events.list({ limit: 100 });
  return data.map(({ type }) => type).reverse();
};
const net = async () => {
  const { pending, available } = await stripe.balance.retrieve();
  return (pending[0]?.amount ?? 0) + (available[0]?.amount ?? 0);
};

describe('a refund', () => {
  test('in parts and then the rest: charge, balance and fee', async () => {
    const paid = await pay();
    const first = await refund(paid, {
      amount: 2345,
      reason: 'requested_by_customer',
      metadata: { refund_id: 'r-1' },
      expand: ['balance_transaction'],
    });
    expect(first).toMatchObject({
      amount: 2345,
      charge: paid.latest_charge,
      currency: 'usd',
      metadata: { refund_id: 'r-1' },
      payment_intent: paid.id,
      reason: 'requested_by_customer',
      status: 'succeeded',
      balance_transaction: {
        amount: -2345,
        description: 'REFUND FOR CHARGE (Two tickets)',
        fee: 0,
        fee_details: [],
        net: -2345,
        reporting_category: 'refund',
        source: first.id,
        type: 'refund',
      },
    });
    expect(await chargeOf(paid)).toMatchObject({ amount_refunded: 2345, refunded: false });
    const rest = await stripe.refunds.create({ charge: paid.latest_charge as string });
    expect(rest.amount).toBe(10_000);
    expect(await chargeOf(paid)).toMatchObject({ amount_refunded: 12_345, refunded: true });
    // Stripe keeps the 388 cents it took for the charge.
    expect(await net()).toBe(-388);
    expect((await stripe.paymentIntents.retrieve(paid.id)).status).toBe('succeeded');
    expect(emulator.truth().refunds.map(({ amount }) => amount)).toEqual([2345, 10_000]);
  });

  test('is told in refund.created and charge.refunded, with the request behind it', async () => {
    const paid = await pay();
    const made = await stripe.refunds.create(
      { payment_intent: paid.id, amount: 100 },
      { idempotencyKey: 'refund-1' },
    );
    const { data } = await stripe.events.list({ types: ['refund.created', 'charge.refunded'] });
    expect(data).toMatchObject([
      {
        type: 'charge.refunded',
        data: {
          object: { id: paid.latest_charge, amount_refunded: 100 },
          previous_attributes: { amount_refunded: 0 },
        },
      },
      { type: 'refund.created', data: { object: { id: made.id, status: 'succeeded' } } },
    ]);
    expect(data[0]?.request?.idempotency_key).toBe('refund-1');
    const again = await stripe.refunds.create(
      { payment_intent: paid.id, amount: 100 },
      { idempotencyKey: 'refund-1' },
    );
    expect(again.id).toBe(made.id);
    expect(emulator.truth().refunds).toHaveLength(1);
  });

  test('of a charge captured in part gives back what was captured', async () => {
    const held = await pay({ capture_method: 'manual' });
    await stripe.paymentIntents.capture(held.id, { amount_to_capture: 10_000 });
    expect(emulator.truth().balanceTransactions).toMatchObject([{ amount: 10_000, fee: 320 }]);
    const error = await refusal(refund(held, { amount: 10_001 }));
    expect(error.message).toContain('($100.01) is greater than unrefunded amount on charge');
    expect((await refund(held)).amount).toBe(10_000);
    expect(await chargeOf(held)).toMatchObject({
      amount_captured: 10_000,
      amount_refunded: 12_345,
      refunded: true,
    });
    expect(await net()).toBe(-320);
  });

  test('lessens what is pending while its charge is', async () => {
    const paid = await pay();
    await refund(paid, { amount: 1000 });
    expect(await stripe.balance.retrieve()).toMatchObject({
      available: [{ amount: 0 }],
      pending: [{ amount: 12_345 - 388 - 1000 }],
    });
  });

  test('metadata is merged and told', async () => {
    const made = await refund(await pay(), { metadata: { a: '1', b: '2' } });
    const { metadata } = await stripe.refunds.update(made.id, { metadata: { a: '', c: '3' } });
    expect(metadata).toEqual({ b: '2', c: '3' });
    expect((await told()).slice(-2)).toEqual(['refund.updated', 'charge.refund.updated']);
  });
});

describe('a refund that is refused', () => {
  const untouched = async (call: Promise<unknown>, expected: object) => {
    const before = emulator.truth();
    expect(await refusal(call)).toMatchObject({ statusCode: 400, ...expected });
    const after = emulator.truth();
    expect(after.refunds).toEqual(before.refunds);
    expect(after.balanceTransactions).toEqual(before.balanceTransactions);
  };

  test('more than is left, and a charge refunded already', async () => {
    const paid = await pay();
    await refund(paid, { amount: 12_000 });
    await untouched(refund(paid, { amount: 346 }), {
      code: undefined,
      param: 'amount',
      message: 'Refund amount ($3.46) is greater than unrefunded amount on charge ($3.45)',
    });
    await refund(paid, { amount: 345 });
    await untouched(refund(paid, { amount: 1 }), {
      code: 'charge_already_refunded',
      message: `Charge ${paid.latest_charge as string} has already been refunded.`,
    });
  });

  test('what was not captured, declined or cancelled', async () => {
    const held = await pay({ capture_method: 'manual' });
    await untouched(refund(held), { code: 'payment_intent_unexpected_state' });
    await stripe.paymentIntents.cancel(held.id);
    const message = `This PaymentIntent (${held.id}) does not have a successful charge to refund.`;
    await untouched(refund(held), { message });
    const declined = await refusal(pay({ payment_method: 'pm_card_chargeDeclined' }));
    await untouched(stripe.refunds.create({ charge: declined.charge ?? '' }), {});
    const draft = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
    await untouched(refund(draft), { type: 'StripeInvalidRequestError' });
  });

  test.each<[string, object, object]>([
    ['nothing named', {}, { code: 'parameter_missing', param: 'charge' }],
    ['two named', { charge: 'ch_1', payment_intent: 'pi_1' }, { code: 'parameters_exclusive' }],
    ['an unknown charge', { charge: 'ch_1' }, { code: 'resource_missing', param: 'charge' }],
    ['an unknown intent', { payment_intent: 'pi_1' }, { code: 'resource_missing' }],
    ['nothing', { charge: 'ch_1', amount: 0 }, { code: 'parameter_invalid_integer' }],
    ['a reason of its own', { charge: 'ch_1', reason: 'rain' }, { param: 'reason' }],
    ['an application fee', { charge: 'ch_1', refund_application_fee: true }, {}],
    ['a transfer', { charge: 'ch_1', reverse_transfer: true }, { param: 'reverse_transfer' }],
    ['a customer balance', { charge: 'ch_1', origin: 'customer_balance' }, { param: 'origin' }],
    ['what nobody knows', { charge: 'ch_1', colour: 'red' }, { code: 'parameter_unknown' }],
  ])('%s', async (_name, params, expected) => {
    await untouched(stripe.refunds.create(params), expected);
  });

  test('a refund that is not there, or cannot be cancelled', async () => {
    expect(await refusal(stripe.refunds.retrieve('re_1'))).toMatchObject({
      statusCode: 404,
      message: "No such refund: 're_1'",
    });
    const made = await refund(await pay());
    await untouched(stripe.refunds.cancel(made.id), { type: 'StripeInvalidRequestError' });
  });
});

describe('a refund that changes later', () => {
  test('pm_card_refundFail: succeeds, then fails, and the money is back', async () => {
    const paid = await pay({ payment_method: 'pm_card_refundFail' });
    const made = await refund(paid, { amount: 1000 });
    expect(made.status).toBe('succeeded');
    expect(await net()).toBe(12_345 - 388 - 1000);
    expect(emulator.bank.advance()).toBe(1);
    const failed = await stripe.refunds.retrieve(made.id, {
      expand: ['failure_balance_transaction'],
    });
    expect(failed).toMatchObject({
      status: 'failed',
      failure_reason: 'unknown',
      failure_balance_transaction: { amount: 1000, type: 'refund_failure', source: made.id },
    });
    expect(await net()).toBe(12_345 - 388);
    expect(await chargeOf(paid)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect((await told()).slice(-3)).toEqual([
      'refund.failed',
      'refund.updated',
      'charge.refund.updated',
    ]);
    expect((await refund(paid)).amount).toBe(12_345);
  });

  test('pm_card_pendingRefund: pending, then succeeded', async () => {
    const paid = await pay({ payment_method: 'pm_card_pendingRefund' });
    const made = await refund(paid);
    expect(made).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect(await chargeOf(paid)).toMatchObject({ amount_refunded: 12_345, refunded: true });
    emulator.bank.advance();
    const done = await stripe.refunds.retrieve(made.id);
    expect(done).toMatchObject({ status: 'succeeded' });
    expect(done).not.toHaveProperty('pending_reason');
    const { data } = await stripe.events.list({ type: 'refund.updated' });
    expect(data).toMatchObject([
      { data: { object: { id: made.id }, previous_attributes: { status: 'pending' } } },
    ]);
    expect(await net()).toBe(-388);
  });

  test('by itself after the lag, without being asked', async () => {
    emulator.setLags({ refundLagMs: 5 });
    const made = await refund(await pay({ payment_method: 'pm_card_refundFail' }));
    await eventually(async () => (await stripe.refunds.retrieve(made.id)).status === 'failed');
  });

  test('the bank decides first, and the lag changes nothing any more', async () => {
    const made = await refund(await pay({ payment_method: 'pm_card_pendingRefund' }));
    const failed = emulator.bank.settleRefund(made.id, 'failed', 'expired_or_canceled_card');
    expect(failed).toMatchObject({ failure_reason: 'expired_or_canceled_card' });
    emulator.bank.advance();
    expect((await stripe.refunds.retrieve(made.id)).status).toBe('failed');
    expect(() => emulator.bank.settleRefund(made.id, 'succeeded')).toThrow('is failed');
  });

  test('one that asks for action is cancelled, and the money is back', async () => {
    const paid = await pay({ payment_method: 'pm_card_pendingRefund' });
    const made = await refund(paid);
    emulator.bank.settleRefund(made.id, 'requires_action');
    const gone = await stripe.refunds.cancel(made.id);
    expect(gone).toMatchObject({ status: 'canceled', failure_reason: 'merchant_request' });
    expect(await net()).toBe(12_345 - 388);
    expect((await chargeOf(paid)).refunded).toBe(false);
    expect(await told()).not.toContain('refund.failed');
  });
});

test('lists by charge, intent and window, in pages, and expands', async () => {
  const one = await pay();
  const other = await pay();
  const ids = [];
  for (const amount of [1, 2, 3]) ids.unshift((await refund(one, { amount })).id);
  const last = await refund(other);
  const list = async (params: Stripe.RefundListParams) =>
    (await stripe.refunds.list(params)).data.map(({ id }) => id);
  expect(await list({})).toEqual([last.id, ...ids]);
  expect(await list({ payment_intent: one.id })).toEqual(ids);
  expect(await list({ charge: other.latest_charge as string })).toEqual([last.id]);
  expect(await list({ payment_intent: one.id, starting_after: ids[0] ?? '' })).toEqual(
    ids.slice(1),
  );
  expect(await list({ created: { gt: last.created } })).toEqual([]);
  const { data } = await stripe.balanceTransactions.list({
    type: 'refund',
    expand: ['data.source'],
  });
  expect(data).toHaveLength(4);
  expect(data[0]?.source).toMatchObject({ id: last.id, object: 'refund' });
  const deep = await stripe.refunds.retrieve(last.id, {
    expand: ['charge.balance_transaction.source', 'payment_intent', 'payment_method'],
  });
  expect((deep.charge as Stripe.Charge).balance_transaction).toMatchObject({
    source: { object: 'charge', id: other.latest_charge },
  });
});
