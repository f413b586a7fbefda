import { appendFileSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { startStripeEmulator, type TruthDump } from '../../src/sandbox/stripe/index.js';
import {
  cardPayment,
  clientOf,
  Emulators,
  eventually,
  newStateFile,
  refusal,
} from './support/stripe-sandbox.js';

const emulators = new Emulators();
afterEach(() => emulators.stopAll());

test('the truth survives a restart, idempotency and events included', async () => {
  const file = newStateFile();
  const first = await emulators.start({ stateFile: file });
  const before = clientOf(first).stripe;
  const paid = await before.paymentIntents.create(cardPayment(), { idempotencyKey: 'k1' });
  const held = await before.paymentIntents.create(cardPayment({ capture_method: 'manual' }));
  const truth = first.truth();
  await first.close();
  expect(readFileSync(file, 'utf8')).not.toContain('sk_test_contract');

  const second = await emulators.start({ stateFile: file });
  const { stripe } = clientOf(second);
  expect(second.truth()).toEqual(truth);
  expect((await stripe.paymentIntents.create(cardPayment(), { idempotencyKey: 'k1' })).id).toBe(
    paid.id,
  );
  expect((await stripe.events.list({ limit: 100 })).data).toHaveLength(6);
  expect((await stripe.paymentIntents.capture(held.id)).status).toBe('succeeded');
});

test('a kill loses nothing that was written behind, and a torn line is skipped', async () => {
  const file = newStateFile();
  const killed = await emulators.start({ stateFile: file });
  await clientOf(killed).stripe.paymentIntents.create(cardPayment(), { idempotencyKey: 'k1' });
  await eventually(() => existsSync(`${file}.journal`));
  await eventually(() => readFileSync(`${file}.journal`, 'utf8').endsWith('\n'));
  // A copy of the files is what a kill at this moment would have left.
  const left = newStateFile();
  copyFileSync(file, left);
  copyFileSync(`${file}.journal`, `${left}.journal`);
  appendFileSync(`${left}.journal`, '["intents",{"id":"pi_torn"');
  const second = await emulators.start({ stateFile: left });
  expect(second.truth()).toEqual(killed.truth());
  expect(existsSync(`${left}.journal`)).toBe(false);
});

test('a charge that lacked its balance transaction gets it after a restart', async () => {
  const file = newStateFile();
  const first = await emulators.start({ stateFile: file, balanceTransactionLagMs: 3_600_000 });
  await clientOf(first).stripe.paymentIntents.create(cardPayment());
  await first.close();
  const second = await emulators.start({ stateFile: file });
  expect(second.truth().balanceTransactions).toMatchObject([{ amount: 12_345, fee: 388 }]);
});

test('what is settable in code is settable over HTTP', async () => {
  const emulator = await emulators.start();
  const { stripe } = clientOf(emulator);
  const put = (name: string, body: unknown) =>
    fetch(`${emulator.baseUrl}/__emulator/${name}`, { method: 'PUT', body: JSON.stringify(body) });
  const get = async (name: string): Promise<unknown> =>
    (await fetch(`${emulator.baseUrl}/__emulator/${name}`)).json();

  const plan = { rules: [{ fault: 'failAfter', times: 1, match: { method: 'POST' } }] };
  expect((await put('faults', plan)).status).toBe(200);
  expect((await refusal(stripe.paymentIntents.create(cardPayment()))).statusCode).toBe(500);
  expect(await get('faults')).toMatchObject([{ fault: 'failAfter', fired: 1 }]);
  expect((await put('lags', { searchLagMs: 3_600_000 })).status).toBe(200);
  expect((await stripe.paymentIntents.search({ query: 'currency:"usd"' })).data).toEqual([]);
  expect((await put('latency', { latencyMs: 1 })).status).toBe(200);
  expect((await put('webhook', { url: 'http://127.0.0.1:9/', secret: 's' })).status).toBe(200);
  await stripe.paymentIntents.create(cardPayment());
  const report = (await get('webhooks/deliveries')) as { deliveries: unknown[]; pending: number };
  expect(report.pending + report.deliveries.length).toBeGreaterThan(0);
  expect((await put('webhook', null)).status).toBe(200);
  const truth = (await get('truth')) as TruthDump;
  expect(truth.effects['payment_id']?.['pay-1']).toEqual({
    intents: 2,
    charges: 2,
    capturedAmount: 24_690,
  });
  expect(JSON.stringify(truth)).not.toContain('_secret_');
});

test.each([
  ['faults', { rules: [{ fault: 'explode' }] }],
  ['faults', { rules: [{ fault: 'hang', match: { path: '(' } }] }],
  ['latency', { latencyMs: -1 }],
  ['lags', { colour: 1 }],
  ['webhook', { url: 'https://example.com', secret: 's' }],
])('a bad %s is refused: %j', async (name, body) => {
  const emulator = await emulators.start();
  const answer = await fetch(`${emulator.baseUrl}/__emulator/${name}`, {
    method: 'PUT',
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(400);
});

test('it listens on loopback only', async () => {
  const host = '0.0.0.0' as '127.0.0.1';
  await expect(startStripeEmulator({ secretKeys: [], host })).rejects.toThrow('loopback');
});
