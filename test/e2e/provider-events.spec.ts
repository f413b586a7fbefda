import Stripe from 'stripe';
import { signWebhook } from '../../src/sandbox/stripe/webhooks/signature.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import {
  eventually,
  newKey,
  type OneTypeEvent,
  orderOf,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';

jest.setTimeout(60_000);

let running: RunningApp;
let event: OneTypeEvent;
let buyer: Client;

beforeEach(async () => {
  running = await startApp();
  const shop = new Shop(running.world);
  event = shop.event();
  buyer = await shop.buyer(running.url);
});
afterEach(async () => {
  const violations = await checkInvariants(running.world);
  await running.close();
  expect(violations).toEqual([]);
});

const NOW = () => Math.floor(Date.now() / 1_000);

async function deliver(body: string, signature?: string): Promise<number> {
  const response = await fetch(`${running.url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(signature === undefined ? {} : { 'stripe-signature': signature }),
    },
    body,
  });
  await response.text();
  return response.status;
}

/** The provider's own event of the last charge, as it would send it. */
async function lastEvent(): Promise<string> {
  const { stripeSecretKey } = running.world.secrets;
  const listed = await fetch(
    `${running.world.stripe.baseUrl}/v1/events?type=payment_intent.succeeded&limit=1`,
    { headers: { authorization: `Bearer ${stripeSecretKey}` } },
  );
  const { data } = (await listed.json()) as { data: Stripe.Event[] };
  if (!data[0]) throw new Error('nothing has succeeded');
  return JSON.stringify(data[0]);
}

const sign = (body: string, at = NOW(), secret = running.world.secrets.stripeWebhookSecret) =>
  signWebhook(secret, at, body);

const inbox = () => query(running.world, 'SELECT status FROM webhook_inbox');
const statusOf = async (id: unknown): Promise<unknown> => {
  const text = 'SELECT status FROM payment_transactions WHERE id = $1';
  return (await query(running.world, text, [id]))[0]?.status;
};

/** A payment of which nobody knows how it went, no event that tells, no janitor for an hour. */
async function unknownPayment(): Promise<Reply> {
  running.world.stripe.clearWebhook();
  running.world.stripe.setFaults({
    rules: [{ fault: 'failAfter', match: { method: 'POST' }, times: 1 }],
  });
  const reply = await buyer.pay(PROCESS, orderOf(event));
  expect(reply.status).toBe(202);
  await query(
    running.world,
    `UPDATE payment_intents SET next_attempt_at = now() + interval '1 hour'`,
  );
  return reply;
}

it('row 14: fifty copies of one event at once have one effect, and all are received', async () => {
  const { body } = await unknownPayment();
  expect(await statusOf(body.transaction.id)).toBe('UNKNOWN');
  const text = await lastEvent();
  const copies = Array.from({ length: 50 }, () => deliver(text, sign(text)));
  expect(new Set(await Promise.all(copies))).toEqual(new Set([200]));
  await eventually(async () => (await inbox())[0]?.status === 'processed', 'the inbox');
  expect(await deliver(text, sign(text))).toBe(200);
  expect(await inbox()).toEqual([{ status: 'processed' }]);
  expect(await statusOf(body.transaction.id)).toBe('PAID');
  const history = await query(
    running.world,
    `SELECT event_type FROM payment_event_sequence WHERE event_type = 'payment.succeeded'`,
  );
  expect(history).toHaveLength(1);
});

it('row 15: an event that overtakes the answer settles the payment, and both agree', async () => {
  running.world.stripe.setFaults({
    rules: [{ fault: 'hang', times: 1, holdMs: 6_000, match: { method: 'POST' } }],
  });
  const key = newKey();
  let answered = false;
  const answer = buyer.pay(PROCESS, orderOf(event), key).finally(() => (answered = true));
  const paid = await eventually(async () => {
    const rows = await query(running.world, 'SELECT status FROM payment_transactions');
    return rows[0]?.status === 'PAID';
  }, 'the event to be applied');
  expect([paid, answered]).toEqual([true, false]);
  const reply = await answer;
  expect([reply.status, reply.body.transaction.status]).toEqual([200, 'completed']);
  expect((await buyer.pay(PROCESS, orderOf(event), key)).text).toBe(reply.text);
  expect(running.world.stripe.truth().charges).toHaveLength(1);
});

it('row 15: an event of an object that nobody knows is kept', async () => {
  running.world.stripe.clearWebhook();
  const { stripeSecretKey } = running.world.secrets;
  const stripe = new Stripe(stripeSecretKey, {
    host: '127.0.0.1',
    port: running.world.stripe.port,
    protocol: 'http',
  });
  const declined = stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'usd',
    payment_method: 'pm_card_chargeDeclined',
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  await expect(declined).rejects.toThrow(Stripe.errors.StripeCardError);
  const { data } = await stripe.events.list({ type: 'payment_intent.payment_failed', limit: 1 });
  const text = JSON.stringify(data[0]);
  expect(await deliver(text, sign(text))).toBe(200);
  await eventually(async () => {
    const rows = await query(running.world, 'SELECT attempts, status FROM webhook_inbox');
    return rows[0]?.status === 'pending' && Number(rows[0].attempts) > 0;
  }, 'the first attempt');
});

describe('row 17: a forged event', () => {
  const FORGERIES: readonly (readonly [string, (body: string) => readonly [string, string?]])[] = [
    ['without a signature', (body) => [body]],
    ['signed with another secret', (body) => [body, sign(body, NOW(), `whsec_${newKey()}`)]],
    ['signed 301 seconds ago', (body) => [body, sign(body, NOW() - 301)]],
    ['serialised again', (body) => [JSON.stringify(JSON.parse(body), null, 1), sign(body)]],
    ['with another amount', (body) => [body.replace('"amount":', '"amount":1'), sign(body)]],
    ['with a v0 signature only', (body) => [body, sign(body).replace('v1=', 'v0=')]],
    ['with an empty signature', (body) => [body, `t=${NOW()},v1=`]],
    ['without an instant', (body) => [body, sign(body).replace(/^t=\d+,/, '')]],
    [
      'with the instant moved on',
      (body) => [body, sign(body, NOW() - 400).replace(/t=\d+/, `t=${NOW()}`)],
    ],
  ];

  it.each(FORGERIES)('%s is refused and leaves no row', async (_, forge) => {
    const { body } = await unknownPayment();
    const genuine = await lastEvent();
    expect(await deliver(...forge(genuine))).toBe(400);
    expect(await inbox()).toEqual([]);
    expect(await statusOf(body.transaction.id)).toBe('UNKNOWN');
    // The very same event, told truly, is taken.
    expect(await deliver(genuine, sign(genuine))).toBe(200);
    await eventually(async () => (await statusOf(body.transaction.id)) === 'PAID', 'the event');
  });
});
