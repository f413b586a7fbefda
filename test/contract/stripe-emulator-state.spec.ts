import { appendFileSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { startStripeEmulator, type TruthDump } from '../../src/sandbox/stripe/index.js';
import {
  cardPayment,
  clientOf,
  disputedPayment,
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

test('refunds and disputes survive a restart, and so does what was to become of them', async () => {
  const lags = { refundLagMs: 3_600_000, disputeLagMs: 3_600_000 };
  const file = newStateFile();
  const first = await emulators.start({ stateFile: file, ...lags });
  const before = clientOf(first).stripe;
  const paid = await before.paymentIntents.create(
    cardPayment({ payment_method: 'pm_card_pendingRefund' }),
  );
  const refund = await before.refunds.create({ payment_intent: paid.id, amount: 100 });
  const { dispute } = await disputedPayment(first, before);
  const unsettled = await before.refunds.create({ payment_intent: paid.id, amount: 200 });
  expect(unsettled.status).toBe('pending');
  await before.disputes.update(dispute.id, {
    evidence: { uncategorized_text: 'winning_evidence' },
  });
  const soon = await before.paymentIntents.create(
    cardPayment({ payment_method: 'pm_card_createDispute' }),
  );
  const truth = first.truth();
  await first.close();

  const second = await emulators.start({ stateFile: file, ...lags });
  expect(second.truth()).toEqual(truth);
  const { stripe } = clientOf(second);
  const balance = await stripe.balance.retrieve();
  // The second refund, the verdict and the card's own dispute.
  expect(second.bank.advance()).toBe(3);
  expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
  expect((await stripe.refunds.retrieve(unsettled.id)).status).toBe('succeeded');
  expect((await stripe.disputes.retrieve(dispute.id)).status).toBe('won');
  expect((await stripe.disputes.list({ payment_intent: soon.id })).data).toHaveLength(1);
  // Of two disputes one was won: its amount is back, the other one's is gone.
  expect((await stripe.balance.retrieve()).pending[0]?.amount).toBe(
    (balance.pending[0]?.amount ?? 0) + 12_345 - 12_345 - 1500,
  );
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

test('what the bank does can be asked for over HTTP', async () => {
  const emulator = await emulators.start({ refundLagMs: 3_600_000, disputeLagMs: 3_600_000 });
  const { stripe } = clientOf(emulator);
  const post = async (path: string, body?: object): Promise<[number, unknown]> => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const url = `${emulator.baseUrl}/__emulator/${path}`;
    const answer = await fetch(url, { method: 'POST', ...init });
    return [answer.status, await answer.json()];
  };
  const pending = await stripe.paymentIntents.create(
    cardPayment({ payment_method: 'pm_card_pendingRefund' }),
  );
  const refund = await stripe.refunds.create({ payment_intent: pending.id });
  const outcome = { status: 'failed', failureReason: 'declined' };
  expect(await post(`refunds/${refund.id}`, outcome)).toMatchObject([
    200,
    { id: refund.id, status: 'failed', failure_reason: 'declined' },
  ]);
  expect((await post(`refunds/${refund.id}`, outcome))[0]).toBe(400);
  expect((await post('refunds/re_1', outcome))[0]).toBe(404);
  expect((await post(`refunds/${refund.id}`, { status: 'late' }))[0]).toBe(400);

  const charge = pending.latest_charge;
  const [status, opened] = await post('disputes', { charge, inquiry: true, amount: 100 });
  expect([status, opened]).toMatchObject([200, { status: 'warning_needs_response', amount: 100 }]);
  const { id } = opened as { id: string };
  expect(await post(`disputes/${id}/outcome`, { outcome: 'escalated' })).toMatchObject([
    200,
    { status: 'needs_response', balance_transactions: [{ amount: -100 }] },
  ]);
  const back = { move: 'reinstate', returnFee: true };
  expect(await post(`disputes/${id}/funds`, back)).toMatchObject([
    200,
    { balance_transactions: [{}, { amount: 100, fee: -1500, net: 1600 }] },
  ]);
  await stripe.paymentIntents.create(cardPayment({ payment_method: 'pm_card_createDispute' }));
  expect(await post('advance')).toEqual([200, { done: 1 }]);
  expect((await post('nothing', {}))[0]).toBe(404);
});

test.each([
  ['faults', { webhooks: { reorderWindow: 0 } }],
  ['faults', { webhooks: { atOnce: 17 } }],
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
