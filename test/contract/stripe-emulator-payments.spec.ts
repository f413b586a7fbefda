import type Stripe from 'stripe';
import { processingFee } from '../../src/sandbox/stripe/charging.js';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { cardPayment, clientOf, Emulators, eventually, refusal } from './support/stripe-sandbox.js';

const emulators = new Emulators();
let emulator: StripeEmulator;
let stripe: Stripe;

beforeEach(async () => {
  emulator = await emulators.start();
  ({ stripe } = clientOf(emulator));
});
afterEach(() => emulators.stopAll());

/** Sends parameters that the SDK's types rule out. */
const raw = (params: object) =>
  stripe.paymentIntents.create(params as Stripe.PaymentIntentCreateParams);

describe('a payment that succeeds', () => {
  test('charges once, with the fee of 2.9 % and 30 cents', async () => {
    const paid = await stripe.paymentIntents.create(
      cardPayment({ expand: ['latest_charge.balance_transaction'] }),
    );
    const charge = paid.latest_charge as Stripe.Charge;
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 12_345 });
    expect(charge).toMatchObject({ captured: true, metadata: { payment_id: 'pay-1' } });
    expect(charge.balance_transaction).toMatchObject({ amount: 12_345, fee: 388, net: 11_957 });
    expect(await stripe.balance.retrieve()).toMatchObject({
      pending: [{ amount: 11_957, currency: 'usd' }],
    });
  });

  test.each([
    [50, 31],
    [100, 33],
    [500, 45],
    [99_999_999, 2_900_030],
  ])('%i cents cost %i', (amount, fee) => {
    expect(processingFee(amount)).toBe(fee);
  });

  test('the same test card has the same fingerprint, another has another', async () => {
    const print = async (card: string) =>
      (await stripe.paymentMethods.retrieve(card)).card?.fingerprint;
    const visa = await print('pm_card_visa');
    expect(await print('pm_card_visa')).toBe(visa);
    expect(await print('pm_card_mastercard')).not.toBe(visa);
  });

  test('a method that has paid does not pay again', async () => {
    const { id } = await stripe.paymentMethods.retrieve('pm_card_visa');
    await stripe.paymentIntents.create(cardPayment({ payment_method: id }));
    const error = await refusal(stripe.paymentIntents.create(cardPayment({ payment_method: id })));
    expect(error).toMatchObject({ statusCode: 400, param: 'payment_method' });
  });

  test('the balance transaction may come later, announced by charge.updated', async () => {
    emulator.setLags({ balanceTransactionLagMs: 20 });
    const { latest_charge } = await stripe.paymentIntents.create(
      cardPayment({ expand: ['latest_charge'] }),
    );
    const { id, balance_transaction } = latest_charge as Stripe.Charge;
    expect(balance_transaction).toBeNull();
    await eventually(async () => (await stripe.events.list({ type: 'charge.updated' })).data[0]);
    const late = await stripe.charges.retrieve(id);
    expect(late.balance_transaction).toMatch(/^txn_/);
  });
});

describe('a payment that is declined', () => {
  test.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
    ['pm_card_chargeDeclinedFraudulent', 'card_declined', 'fraudulent'],
  ])('%s: %s, %s', async (payment_method, code, decline_code) => {
    const error = await refusal(stripe.paymentIntents.create(cardPayment({ payment_method })));
    expect(error).toMatchObject({ statusCode: 402, type: 'StripeCardError', code, decline_code });
    const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? '');
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      amount_received: 0,
      last_payment_error: { code, decline_code, payment_method: { type: 'card' } },
    });
    const { data } = await stripe.charges.list({ payment_intent: intent.id });
    expect(data).toMatchObject([{ status: 'failed', paid: false, captured: false }]);
  });

  test('is paid with another card on the same intent', async () => {
    const error = await refusal(
      stripe.paymentIntents.create(cardPayment({ payment_method: 'pm_card_chargeDeclined' })),
    );
    const id = error.payment_intent?.id ?? '';
    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
    expect(emulator.truth().effects['payment_id']?.['pay-1']).toEqual({
      intents: 1,
      charges: 1,
      capturedAmount: 12_345,
    });
  });
});

describe('an authorisation', () => {
  const authorise = () => stripe.paymentIntents.create(cardPayment({ capture_method: 'manual' }));

  test('waits for capture, in part or whole', async () => {
    const held = await authorise();
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 12_345 });
    const error = await refusal(
      stripe.paymentIntents.capture(held.id, { amount_to_capture: 12_346 }),
    );
    expect(error.code).toBe('amount_too_large');
    const captured = await stripe.paymentIntents.capture(held.id, {
      amount_to_capture: 10_000,
      expand: ['latest_charge'],
    });
    expect(captured).toMatchObject({
      status: 'succeeded',
      amount_received: 10_000,
      amount_capturable: 0,
      latest_charge: { amount_captured: 10_000, amount_refunded: 2345, refunded: false },
    });
    const again = await refusal(stripe.paymentIntents.capture(held.id));
    expect(again.code).toBe('payment_intent_unexpected_state');
  });

  test('is let go by cancelling, and then cannot be captured', async () => {
    const held = await authorise();
    const gone = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: 'duplicate' });
    expect(gone).toMatchObject({ status: 'canceled', cancellation_reason: 'duplicate' });
    const error = await refusal(stripe.paymentIntents.capture(held.id));
    expect(error.payment_intent?.status).toBe('canceled');
    expect(emulator.truth().charges).toMatchObject([{ refunded: true, captured: false }]);
    expect(emulator.truth().balanceTransactions).toEqual([]);
  });
});

test('what is paid or cancelled is not cancelled', async () => {
  const paid = await stripe.paymentIntents.create(cardPayment());
  const draft = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
  await stripe.paymentIntents.cancel(draft.id);
  for (const { id } of [paid, draft]) {
    const error = await refusal(stripe.paymentIntents.cancel(id));
    expect(error.code).toBe('payment_intent_unexpected_state');
  }
  expect((await stripe.paymentIntents.retrieve(paid.id)).status).toBe('succeeded');
});

describe('requests that are refused', () => {
  test.each<[string, object, object]>([
    ['no amount', { currency: 'usd' }, { code: 'parameter_missing', param: 'amount' }],
    ['49 cents', cardPayment({ amount: 49 }), { code: 'amount_too_small' }],
    ['a million dollars', cardPayment({ amount: 100_000_000 }), { code: 'amount_too_large' }],
    ['a fraction', cardPayment({ amount: 100.5 }), { code: 'parameter_invalid_integer' }],
    ['hexadecimal', { ...cardPayment(), amount: '0x64' }, { message: 'Invalid integer: 0x64' }],
    ['a negative amount', cardPayment({ amount: -5 }), { code: 'parameter_invalid_integer' }],
    ['an unknown currency', cardPayment({ currency: 'xyz' }), { param: 'currency' }],
    ['an unknown method', cardPayment({ payment_method: 'pm_x' }), { code: 'resource_missing' }],
    [
      'payment_method_types',
      { ...cardPayment(), payment_method_types: ['card'] },
      { code: 'parameter_unknown', message: 'Received unknown parameter: payment_method_types' },
    ],
    [
      'an unknown parameter inside',
      { ...cardPayment(), automatic_payment_methods: { enabled: true, colour: 'red' } },
      { code: 'parameter_unknown', param: 'automatic_payment_methods[colour]' },
    ],
    [
      '__proto__',
      JSON.parse('{"amount":100,"currency":"usd","__proto__":{"admin":"1"}}') as object,
      { code: 'parameter_unknown' },
    ],
    ['a word for a boolean', { ...cardPayment(), confirm: 'maybe' }, { param: 'confirm' }],
    [
      'redirects without a way back',
      cardPayment({ automatic_payment_methods: { enabled: true } }),
      { type: 'StripeInvalidRequestError' },
    ],
    [
      'what cannot be expanded',
      cardPayment({ expand: ['latest_charge.colour'] }),
      { param: 'expand', message: 'This property cannot be expanded (latest_charge.colour).' },
    ],
    [
      'a return URL that runs code',
      cardPayment({ return_url: 'javascript://x/%0aalert(1)' }),
      { code: 'url_invalid' },
    ],
    ['half a return URL', cardPayment({ return_url: 'https://[' }), { code: 'url_invalid' }],
    ['return_url without confirm', cardPayment({ confirm: false, return_url: 'https://a.b/' }), {}],
    ['51 metadata keys', cardPayment({ metadata: manyKeys(51) }), { param: 'metadata' }],
    ['what is not emulated', cardPayment({ on_behalf_of: 'acct_1' }), { param: 'on_behalf_of' }],
  ])('%s', async (_name, params, expected) => {
    const error = await refusal(raw(params));
    expect(error).toMatchObject({ statusCode: 400, ...expected });
    expect(emulator.truth()).toMatchObject({ intents: [], charges: [] });
  });

  test('objects that are not there, and addresses that nothing answers', async () => {
    const missing = await refusal(stripe.paymentIntents.retrieve('pi_missing'));
    expect(missing).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'intent',
      message: "No such payment_intent: 'pi_missing'",
    });
    const nowhere = await refusal(stripe.customers.list());
    expect(nowhere.message).toContain('Unrecognized request URL (GET: /v1/customers)');
    expect(nowhere.statusCode).toBe(404);
  });

  test('no key, an unknown key, another version', async () => {
    const none = await fetch(`${emulator.baseUrl}/v1/balance`);
    expect([none.status, none.headers.get('request-id')]).toEqual([
      401,
      expect.stringMatching(/^req_\w{14}$/),
    ]);
    const wrong = await refusal(clientOf(emulator, 'sk_test_wrong').stripe.balance.retrieve());
    expect(wrong.type).toBe('StripeAuthenticationError');
    const basic = `Basic ${Buffer.from('sk_test_contract:').toString('base64')}`;
    const ask = (headers: Record<string, string>) =>
      fetch(`${emulator.baseUrl}/v1/balance`, { headers: { authorization: basic, ...headers } });
    expect((await ask({})).status).toBe(200);
    expect((await ask({ 'stripe-version': '2020-08-27' })).status).toBe(400);
  });
});

test('metadata is merged, unset and cleared by update', async () => {
  const { id } = await stripe.paymentIntents.create(cardPayment({ metadata: { a: '1', b: '2' } }));
  const update = async (metadata: Record<string, string> | '') =>
    (await stripe.paymentIntents.update(id, { metadata })).metadata;
  expect(await update({ c: '3', a: '' })).toEqual({ b: '2', c: '3' });
  expect(await update('')).toEqual({});
  const late = await refusal(stripe.paymentIntents.update(id, { amount: 1000 }));
  expect(late.code).toBe('payment_intent_unexpected_state');
});

function manyKeys(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${String(i)}`, 'v']));
}
