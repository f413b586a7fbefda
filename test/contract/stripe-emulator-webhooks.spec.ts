import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import {
  cardPayment,
  clientOf,
  Emulators,
  eventually,
  newStateFile,
  refusal,
} from './support/stripe-sandbox.js';

const SECRET = 'whsec_contract';
const emulators = new Emulators();
const verifier = new Stripe('sk_test_verifier');
let listener: Server;
let url: string;
let received: { body: string; signature: string }[];
/** Statuses to answer with, then 200. */
let statuses: number[];
/** Answers that are held back; undefined when each is given at once. */
let held: (() => void)[] | undefined;

beforeEach(async () => {
  received = [];
  statuses = [];
  held = undefined;
  listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = request.headers['stripe-signature'] as string;
      received.push({ body: Buffer.concat(chunks).toString(), signature });
      const answer = () => void response.writeHead(statuses.shift() ?? 200).end();
      if (held) held.push(answer);
      else answer();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}/webhooks/stripe`;
});

afterEach(async () => {
  await emulators.stopAll();
  listener.closeAllConnections();
  await new Promise((resolve) => listener.close(resolve));
});

const start = (options = {}) =>
  emulators.start({
    webhook: { url, secret: SECRET },
    webhookRetry: { firstMs: 5, maxMs: 20 },
    ...options,
  });
const verified = (): Stripe.Event[] =>
  received.map(({ body, signature }) => verifier.webhooks.constructEvent(body, signature, SECRET));
const types = () =>
  verified()
    .map(({ type }) => type)
    .sort();

test('a payment is told in signed events that name the request', async () => {
  const client = clientOf(await start());
  const { id } = await client.stripe.paymentIntents.create(cardPayment(), { idempotencyKey: 'k1' });
  await eventually(() => received.length === 3);
  expect(types()).toEqual([
    'charge.succeeded',
    'payment_intent.created',
    'payment_intent.succeeded',
  ]);
  const succeeded = verified().find(({ type }) => type === 'payment_intent.succeeded');
  expect(succeeded).toMatchObject({
    api_version: '2026-10-28.endive',
    pending_webhooks: 1,
    request: { id: client.last().headers.get('request-id'), idempotency_key: 'k1' },
    data: { object: { id, status: 'succeeded' } },
  });
  const created = verified().find(({ type }) => type === 'payment_intent.created');
  expect(created?.data.object).toMatchObject({ id, status: 'requires_payment_method' });
});

test.each([
  [
    'declined',
    { payment_method: 'pm_card_chargeDeclined' },
    ['charge.failed', 'payment_intent.created', 'payment_intent.payment_failed'],
  ],
  [
    'held',
    { capture_method: 'manual' as const },
    ['charge.succeeded', 'payment_intent.amount_capturable_updated', 'payment_intent.created'],
  ],
  [
    'challenged',
    { payment_method: 'pm_card_threeDSecure2Required' },
    ['payment_intent.created', 'payment_intent.requires_action'],
  ],
])('%s', async (_name, overrides, expected) => {
  const { stripe } = clientOf(await start());
  await stripe.paymentIntents.create(cardPayment(overrides)).catch((error: unknown) => error);
  await eventually(() => received.length === expected.length);
  expect(types()).toEqual(expected);
});

test('capture and cancellation', async () => {
  const { stripe } = clientOf(await start());
  const hold = () => stripe.paymentIntents.create(cardPayment({ capture_method: 'manual' }));
  await stripe.paymentIntents.capture((await hold()).id);
  await stripe.paymentIntents.cancel((await hold()).id);
  await eventually(() => received.length === 10);
  expect(types()).toEqual(
    expect.arrayContaining([
      'charge.captured',
      'payment_intent.succeeded',
      'payment_intent.canceled',
    ]),
  );
});

test('is repeated until answered 2xx, with a fresh signature, and then counted as delivered', async () => {
  statuses = [500, 503, 302];
  const emulator = await start({
    webhook: { url, secret: SECRET, enabledEvents: ['payment_intent.succeeded'] },
  });
  const { stripe } = clientOf(emulator);
  await stripe.paymentIntents.create(cardPayment());
  await eventually(() => emulator.deliveries().deliveries.length === 4);
  expect(new Set(verified().map(({ id }) => id)).size).toBe(1);
  expect(emulator.deliveries().deliveries.map(({ status }) => status)).toEqual([
    500, 503, 302, 200,
  ]);
  const { data } = await stripe.events.list({ delivery_success: true });
  expect(data.map(({ type }) => type)).toContain('payment_intent.succeeded');
  expect(emulator.deliveries().pending).toBe(0);
});

test('a dead endpoint does not stop the API, and gets its events when it is back', async () => {
  const emulator = await start({ webhook: { url: 'http://127.0.0.1:9/', secret: SECRET } });
  const { stripe } = clientOf(emulator);
  expect((await stripe.paymentIntents.create(cardPayment())).status).toBe('succeeded');
  await eventually(() => emulator.deliveries().deliveries.some(({ error }) => error !== null));
  emulator.setWebhook(url, SECRET);
  await eventually(() => received.length >= 3);
  expect(types()).toContain('payment_intent.succeeded');
});

test('another secret does not verify', async () => {
  const { stripe } = clientOf(await start());
  await stripe.paymentIntents.create(cardPayment());
  const { body, signature } = await eventually(() => received[0]);
  expect(() => verifier.webhooks.constructEvent(body, signature, 'whsec_other')).toThrow();
  expect(() => verifier.webhooks.constructEvent(`${body} `, signature, SECRET)).toThrow();
});

test('the plan delivers twice and late', async () => {
  const emulator = await start();
  emulator.setFaults({ webhooks: { duplicatePpm: 1_000_000, delayPpm: 500_000, delayMs: 5 } });
  await clientOf(emulator).stripe.paymentIntents.create(cardPayment());
  await eventually(() => received.length === 6);
  expect(new Set(verified().map(({ id }) => id)).size).toBe(3);
});

test('the plan tells the same news under an event id of its own', async () => {
  const emulator = await start();
  emulator.setFaults({ webhooks: { copyPpm: 1_000_000 } });
  const { stripe } = clientOf(emulator);
  const paid = await stripe.paymentIntents.create(cardPayment());
  await eventually(() => received.length === 6);
  const told = verified().filter(({ type }) => type === 'payment_intent.succeeded');
  expect(told.map(({ data }) => (data.object as Stripe.PaymentIntent).id)).toEqual([
    paid.id,
    paid.id,
  ]);
  expect(new Set(verified().map(({ id }) => id)).size).toBe(6);
  expect((await stripe.events.list({ limit: 100 })).data).toHaveLength(6);
});

test('the plan reorders as its seed says, and loses nothing', async () => {
  const run = async (seed: number): Promise<number[]> => {
    const emulator = await start();
    emulator.setFaults({ seed, webhooks: { reorderWindow: 9, reorderMs: 60_000 } });
    received = [];
    const { stripe } = clientOf(emulator);
    const paid = [];
    for (let i = 0; i < 3; i += 1) paid.push(await stripe.paymentIntents.create(cardPayment()));
    await eventually(() => received.length === 9);
    const { data } = await stripe.events.list({ limit: 100 });
    const made = data.map(({ id }) => id).reverse();
    expect(emulator.deliveries().pending).toBe(0);
    return verified().map(({ id }) => made.indexOf(id));
  };
  const first = await run(3);
  expect([...first].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(first).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await run(3)).toEqual(first);
  expect(await run(4)).not.toEqual(first);
});

test.each([
  ['one after the other', {}, 1],
  ['so many at once', { atOnce: 2 }, 2],
])('what is shuffled is delivered %s', async (_, how, atOnce) => {
  held = [];
  const emulator = await start();
  emulator.setFaults({ webhooks: { reorderWindow: 3, ...how } });
  await clientOf(emulator).stripe.paymentIntents.create(cardPayment());
  await eventually(() => received.length === atOnce);
  expect(emulator.deliveries().pending).toBe(3);
  for (let told = 1; told <= 3; told += 1) {
    await eventually(() => held?.length !== 0);
    held.shift()?.();
  }
  await eventually(() => emulator.deliveries().pending === 0);
  expect(received).toHaveLength(3);
});

test('a window that does not fill is let go after its time', async () => {
  const emulator = await start();
  emulator.setFaults({ webhooks: { reorderWindow: 1000, reorderMs: 5 } });
  await clientOf(emulator).stripe.paymentIntents.create(cardPayment());
  await eventually(() => received.length === 3);
});

test('an event is delivered again on demand, or under a new id', async () => {
  const emulator = await start();
  const { stripe } = clientOf(emulator);
  await stripe.paymentIntents.create(cardPayment());
  await eventually(() => received.length === 3);
  const { data } = await stripe.events.list({ type: 'charge.succeeded' });
  const id = data[0]?.id ?? '';
  const again = async (path: string, body: object) => {
    const url = `${emulator.baseUrl}/__emulator/events/${path}/redeliver`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return { status: answer.status, ...((await answer.json()) as { events?: string[] }) };
  };
  received = [];
  expect(await again(id, { times: 50 })).toEqual({ status: 200, events: [id] });
  await eventually(() => received.length === 50);
  expect(new Set(verified().map((event) => event.id))).toEqual(new Set([id]));
  const { events = [] } = await again(id, { times: 2, asNew: true });
  await eventually(() => received.length === 52);
  expect(new Set([id, ...events]).size).toBe(3);
  expect(verified().map(({ type }) => type)).toContain('charge.succeeded');
  expect((await stripe.events.retrieve(events[0] ?? '')).data).toEqual(
    (await stripe.events.retrieve(id)).data,
  );
  expect((await again('evt_1', {})).status).toBe(404);
  emulator.clearWebhook();
  expect((await again(id, {})).status).toBe(400);
});

test('refunds and disputes are told', async () => {
  const emulator = await start({ disputeLagMs: 3_600_000, refundLagMs: 3_600_000 });
  const { stripe } = clientOf(emulator);
  const paid = await stripe.paymentIntents.create(
    cardPayment({ payment_method: 'pm_card_refundFail' }),
  );
  await stripe.refunds.create({ payment_intent: paid.id });
  emulator.bank.advance();
  emulator.bank.openDispute(paid.latest_charge as string);
  await eventually(() => received.length === 10);
  expect(types()).toEqual([
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
    'charge.refund.updated',
    'charge.refunded',
    'charge.succeeded',
    'payment_intent.created',
    'payment_intent.succeeded',
    'refund.created',
    'refund.failed',
    'refund.updated',
  ]);
});

test('events undelivered at the end are delivered after a restart', async () => {
  const stateFile = newStateFile();
  const first = await start({ webhook: { url: 'http://127.0.0.1:9/', secret: SECRET }, stateFile });
  await clientOf(first).stripe.paymentIntents.create(cardPayment());
  await first.close();
  await start({ stateFile });
  await eventually(() => received.length === 3);
  expect(types()).toContain('payment_intent.succeeded');
});

test('a refused request makes no event', async () => {
  const emulator = await start();
  const { stripe } = clientOf(emulator);
  await refusal(stripe.paymentIntents.create(cardPayment({ amount: 1 })));
  expect((await stripe.events.list()).data).toEqual([]);
});
