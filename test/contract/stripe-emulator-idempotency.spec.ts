import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import {
  cardPayment,
  clientOf,
  Emulators,
  refusal,
  type Client,
} from './support/stripe-sandbox.js';

const emulators = new Emulators();
let emulator: StripeEmulator;
let client: Client;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z');
  emulator = await emulators.start({
    clock: () => new Date(now),
    secretKeys: ['sk_test_contract', 'sk_test_other'],
  });
  client = clientOf(emulator);
});
afterEach(() => emulators.stopAll());

const pay = (idempotencyKey: string, overrides = {}, by = client) =>
  by.stripe.paymentIntents.create(cardPayment(overrides), { idempotencyKey });

test('the same key and parameters repeat the first answer to the byte', async () => {
  const first = await pay('k1');
  const original = client.last();
  expect(original.headers.get('idempotent-replayed')).toBeNull();
  const second = await pay('k1');
  const replay = client.last();
  expect(second.id).toBe(first.id);
  expect(replay.answer).toBe(original.answer);
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
  expect(replay.headers.get('original-request')).toBe(original.headers.get('request-id'));
  expect(replay.headers.get('request-id')).not.toBe(original.headers.get('request-id'));
  expect(emulator.truth()).toMatchObject({ charges: [{ amount: 12_345 }], idempotencyEntries: 1 });
});

test('the order of the parameters does not matter, the address does', async () => {
  const { metadata, ...rest } = cardPayment();
  const { paymentIntents } = client.stripe;
  const first = await paymentIntents.create({ ...rest, metadata }, { idempotencyKey: 'k1' });
  const again = await paymentIntents.create({ metadata, ...rest }, { idempotencyKey: 'k1' });
  expect(again.id).toBe(first.id);
  const error = await refusal(paymentIntents.cancel(first.id, {}, { idempotencyKey: 'k1' }));
  expect(error.rawType).toBe('idempotency_error');
});

test('other parameters under the same key are refused', async () => {
  await pay('k1');
  const error = await refusal(pay('k1', { amount: 999 }));
  expect(error).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
  expect(error.code).toBeUndefined();
  expect(emulator.truth().charges).toHaveLength(1);
});

test('a decline is repeated, a validation error is not kept', async () => {
  const declined = await refusal(pay('k1', { payment_method: 'pm_card_chargeDeclined' }));
  const again = await refusal(pay('k1', { payment_method: 'pm_card_chargeDeclined' }));
  expect(again.payment_intent?.id).toBe(declined.payment_intent?.id);
  expect(emulator.truth().charges).toHaveLength(1);
  await refusal(pay('k2', { amount: 10 }));
  expect((await pay('k2')).status).toBe('succeeded');
});

test('while the first runs, the second is told so', async () => {
  emulator.setLatency(500);
  const answers = await Promise.allSettled([pay('k1'), pay('k1')]);
  const refused = answers.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
  expect(refused.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
  const conflict = client.exchanges.find(({ status }) => status === 409);
  expect(conflict?.headers.get('stripe-should-retry')).toBe('true');
  emulator.setLatency(0);
  expect((await pay('k1')).id).toBe(emulator.truth().intents[0]?.id);
});

test('a hundred at once charge once', async () => {
  emulator.setLatency(20);
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => pay('k1')));
  const charged = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []));
  expect(new Set(charged).size).toBe(1);
  expect(emulator.truth().charges).toHaveLength(1);
});

test('keys belong to an API key, and live a day', async () => {
  const first = await pay('k1');
  const other = await pay('k1', {}, clientOf(emulator, 'sk_test_other'));
  expect(other.id).not.toBe(first.id);
  now += 24 * 3600_000 - 1000;
  expect((await pay('k1')).id).toBe(first.id);
  now += 1000;
  expect((await pay('k1')).id).not.toBe(first.id);
});

test('keys are at most 255 characters', async () => {
  expect((await refusal(pay('x'.repeat(256)))).statusCode).toBe(400);
  expect((await pay('x'.repeat(255))).status).toBe('succeeded');
});
