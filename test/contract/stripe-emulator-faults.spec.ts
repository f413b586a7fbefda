import type Stripe from 'stripe';
import type { FaultName, FaultPlan, StripeEmulator } from '../../src/sandbox/stripe/index.js';
import {
  cardPayment,
  clientOf,
  Emulators,
  eventually,
  refusal,
  type Client,
} from './support/stripe-sandbox.js';

const emulators = new Emulators();
let emulator: StripeEmulator;
let client: Client;

beforeEach(async () => {
  emulator = await emulators.start({ seed: 7 });
  client = clientOf(emulator);
});
afterEach(() => emulators.stopAll());

const pay = (idempotencyKey: string) =>
  client.stripe.paymentIntents.create(cardPayment(), { idempotencyKey });
const once = (fault: FaultName, holdMs = 50): FaultPlan => ({
  rules: [{ fault, times: 1, holdMs, match: { method: 'POST', path: '^/v1/payment_intents$' } }],
});
const charges = () => emulator.truth().charges.length;

test.each<FaultName>(['failBefore', 'hangBefore', 'rateLimit'])(
  '%s: no effect, nothing kept, the same key works afterwards',
  async (fault) => {
    emulator.setFaults(once(fault));
    const error = await refusal(pay('k1'));
    expect(error.statusCode).toBe(fault === 'rateLimit' ? 429 : 500);
    expect(emulator.truth()).toMatchObject({ charges: [], idempotencyEntries: 0 });
    expect((await pay('k1')).status).toBe('succeeded');
    expect(charges()).toBe(1);
  },
);

test('failAfter: the effect is there, the replay tells of it', async () => {
  emulator.setFaults(once('failAfter'));
  expect((await refusal(pay('k1'))).statusCode).toBe(500);
  expect(charges()).toBe(1);
  expect((await pay('k1')).id).toBe(emulator.truth().intents[0]?.id);
  expect(charges()).toBe(1);
});

test('sticky500: the effect is there, the key answers 500 for ever, a list finds it', async () => {
  emulator.setFaults(once('sticky500'));
  expect((await refusal(pay('k1'))).statusCode).toBe(500);
  expect((await refusal(pay('k1'))).statusCode).toBe(500);
  expect(client.last().headers.get('idempotent-replayed')).toBe('true');
  const { data } = await client.stripe.paymentIntents.list();
  expect(data).toMatchObject([{ status: 'succeeded', metadata: { payment_id: 'pay-1' } }]);
});

test('hang: silence after the effect, the key in use meanwhile, then the answer', async () => {
  emulator.setFaults(once('hang', 1500));
  const hanging = pay('k1');
  await eventually(() => charges() === 1);
  expect((await refusal(pay('k1'))).code).toBe('idempotency_key_in_use');
  expect((await hanging).status).toBe('succeeded');
  expect(charges()).toBe(1);
});

test.each<[FaultName, number]>([
  ['reset', 1],
  ['resetBefore', 0],
])('%s: a cut connection, %i charges', async (fault, expected) => {
  emulator.setFaults({ rules: [{ fault, match: { method: 'POST' } }] });
  expect((await refusal(pay('k1'))).type).toBe('StripeConnectionError');
  expect(charges()).toBe(expected);
  emulator.setFaults({ rules: [] });
  expect((await pay('k1')).status).toBe('succeeded');
  expect(charges()).toBe(1);
});

test('a rule strikes what it matches, as often as it says', async () => {
  emulator.setFaults({
    rules: [{ fault: 'failBefore', times: 2, match: { method: 'POST', path: '/capture$' } }],
  });
  const held = await client.stripe.paymentIntents.create(cardPayment({ capture_method: 'manual' }));
  const capture = () => client.stripe.paymentIntents.capture(held.id);
  await refusal(capture());
  await refusal(capture());
  expect((await capture()).status).toBe('succeeded');
  expect(emulator.faults()).toMatchObject([{ fault: 'failBefore', fired: 2 }]);
});

test('the same seed and order of requests give the same faults, another seed others', async () => {
  const run = async (seed: number): Promise<string> => {
    emulator.setFaults({
      seed,
      rules: [
        { fault: 'failBefore', ratePpm: 200_000 },
        { fault: 'failAfter', ratePpm: 200_000 },
      ],
    });
    const before = emulator.faults();
    let pattern = '';
    for (let i = 0; i < 40; i += 1) {
      const { status } = await fetch(`${emulator.baseUrl}/v1/balance`, {
        headers: { authorization: 'Bearer sk_test_contract' },
      });
      pattern += status === 200 ? '.' : 'x';
    }
    expect(before).toHaveLength(2);
    return pattern;
  };
  const first = await run(11);
  expect(first).toContain('x');
  expect(first).toContain('.');
  expect(await run(11)).toBe(first);
  expect(await run(12)).not.toBe(first);
});

/** Every other operation that moves money: where it goes, how often it has happened, how it is asked. */
const OPERATIONS: readonly (readonly [
  path: string,
  happened: () => number,
  ask: (held: Stripe.PaymentIntent, options: Stripe.RequestOptions) => Promise<{ id: string }>,
])[] = [
  [
    '/refunds$',
    () => emulator.truth().refunds.length,
    async (held, options) => {
      const { stripe } = clientOf(emulator);
      if ((await stripe.paymentIntents.retrieve(held.id)).status !== 'succeeded') {
        await stripe.paymentIntents.capture(held.id, {}, { idempotencyKey: `capture-${held.id}` });
      }
      return client.stripe.refunds.create({ payment_intent: held.id, amount: 100 }, options);
    },
  ],
  [
    '/capture$',
    () => emulator.truth().balanceTransactions.length,
    (held, options) =>
      client.stripe.paymentIntents.capture(held.id, { amount_to_capture: 1000 }, options),
  ],
  [
    '/cancel$',
    () => emulator.truth().intents.filter(({ status }) => status === 'canceled').length,
    (held, options) => client.stripe.paymentIntents.cancel(held.id, {}, options),
  ],
];

describe.each(OPERATIONS)('POST %s', (path, happened, ask) => {
  const held = () => client.stripe.paymentIntents.create(cardPayment({ capture_method: 'manual' }));
  const fault = (name: FaultName, times?: number): FaultPlan => ({
    rules: [{ fault: name, holdMs: 20, match: { method: 'POST', path }, ...(times && { times }) }],
  });

  test.each<[FaultName, number]>([
    ['failBefore', 0],
    ['hangBefore', 0],
    ['rateLimit', 0],
    ['failAfter', 1],
    ['sticky500', 1],
  ])('%s: an error, %i effects', async (name, effects) => {
    const payment = await held();
    emulator.setFaults(fault(name, 1));
    const options = { idempotencyKey: 'op-1' };
    await refusal(ask(payment, options));
    expect(happened()).toBe(effects);
    const replay = ask(payment, options);
    if (name === 'sticky500') expect((await refusal(replay)).statusCode).toBe(500);
    else await replay;
    expect(happened()).toBe(1);
  });

  test.each<[FaultName, number]>([
    ['reset', 1],
    ['resetBefore', 0],
  ])('%s: a cut connection, %i effects', async (name, effects) => {
    const payment = await held();
    emulator.setFaults(fault(name));
    const options = { idempotencyKey: 'op-1' };
    expect((await refusal(ask(payment, options))).type).toBe('StripeConnectionError');
    expect(happened()).toBe(effects);
    emulator.setFaults({ rules: [] });
    await ask(payment, options);
    expect(happened()).toBe(1);
  });

  test('hang: silence after the effect, then the answer', async () => {
    const payment = await held();
    emulator.setFaults(fault('hang', 1));
    await ask(payment, { idempotencyKey: 'op-1' });
    expect(emulator.faults()).toMatchObject([{ fault: 'hang', fired: 1 }]);
    expect(happened()).toBe(1);
  });

  test('500 for ever, while the rest of the API works', async () => {
    const payment = await held();
    emulator.setFaults(fault('failBefore'));
    for (const idempotencyKey of ['op-1', 'op-2', 'op-2']) {
      expect((await refusal(ask(payment, { idempotencyKey }))).statusCode).toBe(500);
    }
    expect(happened()).toBe(0);
    expect((await pay('k1')).status).toBe('succeeded');
  });
});
