import type Stripe from 'stripe';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { cardPayment, clientOf, Emulators, refusal } from './support/stripe-sandbox.js';

const RETURN_URL = 'https://tickets.example/back?order=7';
const emulators = new Emulators();
let emulator: StripeEmulator;
let stripe: Stripe;

beforeEach(async () => {
  emulator = await emulators.start();
  ({ stripe } = clientOf(emulator));
});
afterEach(() => emulators.stopAll());

const challenged = (overrides: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create(
    cardPayment({
      payment_method: 'pm_card_threeDSecure2Required',
      return_url: RETURN_URL,
      description: '<b>Two tickets</b>',
      ...overrides,
    }),
  );
const pageOf = (intent: Stripe.PaymentIntent): string =>
  intent.next_action?.redirect_to_url?.url ?? '';
const answer = (url: string, outcome: string) =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ outcome }) });

test('the challenge page asks, completing charges and goes back', async () => {
  const intent = await challenged();
  expect(intent).toMatchObject({
    status: 'requires_action',
    latest_charge: null,
    next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: RETURN_URL } },
  });
  const page = await fetch(pageOf(intent));
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain('https://tickets.example');
  expect(html).toContain('123.45 USD');
  expect(html).toContain('&lt;b&gt;Two tickets');
  expect(html.match(/<button/g)).toHaveLength(2);

  const done = await answer(pageOf(intent), 'complete');
  const back = new URL(done.headers.get('location') ?? '');
  expect(done.status).toBe(303);
  expect(Object.fromEntries(back.searchParams)).toEqual({
    order: '7',
    payment_intent: intent.id,
    payment_intent_client_secret: intent.client_secret,
    redirect_status: 'succeeded',
  });
  const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
  expect(paid).toMatchObject({ status: 'succeeded', next_action: null });
  expect(
    (paid.latest_charge as Stripe.Charge).payment_method_details?.card?.three_d_secure,
  ).toMatchObject({ result: 'authenticated' });
  expect((await answer(pageOf(intent), 'complete')).status).toBe(409);
  expect(emulator.truth().charges).toHaveLength(1);
});

test('failing ends the attempt, and another card may pay', async () => {
  const intent = await challenged();
  const done = await answer(pageOf(intent), 'fail');
  expect(done.headers.get('location')).toContain('redirect_status=failed');
  const failed = await stripe.paymentIntents.retrieve(intent.id);
  expect(failed).toMatchObject({
    status: 'requires_payment_method',
    last_payment_error: { code: 'payment_intent_authentication_failure' },
  });
  expect(emulator.truth().charges).toEqual([]);
  const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  expect(paid.status).toBe('succeeded');
});

test('a manual capture is held after the challenge', async () => {
  const intent = await challenged({ capture_method: 'manual' });
  await answer(pageOf(intent), 'complete');
  expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
});

test('a cancelled intent cannot be completed', async () => {
  const intent = await challenged();
  await stripe.paymentIntents.cancel(intent.id);
  expect((await answer(pageOf(intent), 'complete')).status).toBe(409);
  expect((await fetch(pageOf(intent))).status).toBe(409);
  expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('canceled');
  expect(emulator.truth().charges).toEqual([]);
});

test('a stranger without the client secret, and an answer that is none', async () => {
  const intent = await challenged();
  const url = pageOf(intent);
  expect((await fetch(url.split('?')[0] ?? '')).status).toBe(404);
  expect((await answer(url, 'perhaps')).status).toBe(400);
  expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_action');
});

test('without a return URL the page is for Stripe.js', async () => {
  const intent = await stripe.paymentIntents.create(
    cardPayment({ payment_method: 'pm_card_authenticationRequired' }),
  );
  expect(intent.next_action?.type).toBe('use_stripe_sdk');
  const page = intent.next_action?.use_stripe_sdk as { stripe_js: string };
  expect((await answer(page.stripe_js, 'complete')).status).toBe(200);
  expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
});

test.each([
  ['pm_card_threeDSecureRequiredChargeDeclined', 'generic_decline'],
  ['pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', 'insufficient_funds'],
])('%s authenticates and then declines', async (payment_method, decline_code) => {
  const intent = await challenged({ payment_method });
  const done = await answer(pageOf(intent), 'complete');
  expect(done.headers.get('location')).toContain('redirect_status=failed');
  const declined = await stripe.paymentIntents.retrieve(intent.id);
  expect(declined.last_payment_error).toMatchObject({ decline_code });
});

test.each([
  ['pm_card_threeDSecureOptional', {}, 'succeeded'],
  [
    'pm_card_threeDSecureOptional',
    { payment_method_options: { card: { request_three_d_secure: 'any' as const } } },
    'requires_action',
  ],
  [
    'pm_card_amex_threeDSecureNotSupported',
    { payment_method_options: { card: { request_three_d_secure: 'any' as const } } },
    'succeeded',
  ],
  ['pm_card_authenticationRequiredOnSetup', {}, 'requires_action'],
  ['pm_card_authenticationRequiredSetupForOffSession', {}, 'requires_action'],
  ['pm_card_authenticationRequiredSetupForOffSession', { off_session: true }, 'succeeded'],
])('%s with %o: %s', async (payment_method, overrides, status) => {
  expect((await challenged({ payment_method, ...overrides })).status).toBe(status);
});

test.each([
  [{ off_session: true }, 'authentication_required'],
  [{ error_on_requires_action: true }, 'authentication_not_handled'],
])('nobody there to authenticate: %o', async (overrides, decline_code) => {
  const error = await refusal(challenged(overrides));
  expect(error).toMatchObject({ statusCode: 402, code: 'authentication_required', decline_code });
});
