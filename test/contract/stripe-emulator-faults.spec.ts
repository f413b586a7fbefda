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
