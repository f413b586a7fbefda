import type { FaultName, FaultPlan } from '../../src/sandbox/stripe/index.js';
import { type RunningApp, startApp } from '../support/app.js';
import { answerChallenge } from '../support/challenge.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import {
  eventually,
  letTimePass,
  newKey,
  type OneTypeEvent,
  orderOf,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';

jest.setTimeout(120_000);

/** Shorter than the faults' silence, and long enough for a busy machine to answer in. */
const TIMEOUT_MS = 700;
const SILENCE_MS = 1_500;

let running: RunningApp;
let shop: Shop;
let event: OneTypeEvent;
let buyer: Client;
let key: string;

afterEach(() => running.close());

/** An application that does `role`'s work; without `events` the provider tells nothing by itself. */
async function open(role: 'api' | 'worker' | 'all', events = false): Promise<void> {
  running = await startApp({ STRIPE_TIMEOUT_MS: String(TIMEOUT_MS), ROLE: role });
  if (!events) running.world.stripe.clearWebhook();
  shop = new Shop(running.world);
  event = shop.event({ seated: true });
  buyer = await shop.buyer(running.url);
  key = newKey();
}

/** The next attempt to charge goes wrong in this manner. */
const once = (fault: FaultName): FaultPlan => ({
  rules: [
    {
      fault,
      // The SDK itself repeats a call whose connection was cut, once.
      times: fault.startsWith('reset') ? 2 : 1,
      holdMs: SILENCE_MS,
      match: { method: 'POST', path: '^/v1/payment_intents$' },
    },
  ],
});

const charges = () => running.world.stripe.truth().charges.length;
const buy = () => buyer.pay(PROCESS, orderOf(event, { seats: ['S1'] }), key);
const paymentOf = ({ body }: Reply) => String(body.transaction.id);

async function stateOf(id: string): Promise<unknown> {
  const text = 'SELECT status FROM payment_transactions WHERE id = $1';
  return (await query(running.world, text, [id]))[0]?.status;
}

/** Buys while the provider is in trouble: nobody knows how it went, and nothing is given up. */
async function buyInTrouble(fault: FaultName): Promise<string> {
  running.world.stripe.setFaults(once(fault));
  const reply = await buy();
  expect([reply.status, reply.body.transaction.status]).toEqual([202, 'processing']);
  const id = paymentOf(reply);
  expect(await stateOf(id)).toBe('UNKNOWN');
  const rival = await shop.buyer(running.url);
  const refused = await rival.pay(PROCESS, orderOf(event, { seats: ['S1'] }));
  expect([refused.status, refused.body.code]).toEqual([409, 'SEAT_TAKEN']);
  return id;
}

async function expectOneSale(id: string): Promise<void> {
  expect(charges()).toBe(1);
  expect(await stateOf(id)).toBe('PAID');
  const replay = await buy();
  expect([replay.status, paymentOf(replay)]).toEqual([200, id]);
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
  expect(await checkInvariants(running.world)).toEqual([]);
}

/** By their row; with an effect at the provider, or without one. */
const FAULTS: readonly (readonly [number, FaultName, number])[] = [
  [10, 'hang', 1],
  [10, 'failAfter', 1],
  [10, 'reset', 1],
  [11, 'hangBefore', 0],
  [11, 'failBefore', 0],
  [11, 'resetBefore', 0],
  [12, 'sticky500', 1],
  [13, 'rateLimit', 0],
];

describe.each(FAULTS)('row %i: %s, with %i charges made', (_, fault, made) => {
  it('is resolved by reading the payment', async () => {
    // Without background work nobody but the buyer can find out.
    await open('api');
    const id = await buyInTrouble(fault);
    if (fault !== 'hangBefore') expect(charges()).toBe(made);
    await eventually(async () => {
      const { body } = await buyer.get(`/api/v1/payments/transaction/${id}`);
      return body.transaction.status === 'completed';
    }, 'the payment to be completed');
    await expectOneSale(id);
  });

  it('is resolved by the janitor', async () => {
    await open('worker');
    const id = await buyInTrouble(fault);
    await eventually(async () => {
      await letTimePass(running.world);
      return (await stateOf(id)) === 'PAID';
    }, 'the janitor');
    await expectOneSale(id);
  });
});

it.each([
  [10, 'hang'],
  [12, 'sticky500'],
] as const)('row %i: %s: is resolved by the key', async (_, fault) => {
  await open('api');
  const id = await buyInTrouble(fault);
  await eventually(async () => (await buy()).status === 200, 'the answer');
  await expectOneSale(id);
});

it('row 13: a request that is still being handled under the key (409) is no failure', async () => {
  await open('api');
  running.world.stripe.setLatency(SILENCE_MS);
  expect((await buy()).status).toBe(202);
  const again = await buy();
  expect(again.status).toBe(202);
  running.world.stripe.setLatency(0);
  await eventually(async () => (await buy()).status === 200, 'the answer');
  await expectOneSale(paymentOf(again));
});

it('row 13: a decline (402) is definite: it ends the payment, whatever comes later', async () => {
  await open('api');
  const order = orderOf(event, { seats: ['S1'], card: 'pm_card_chargeDeclined' });
  const declined = await buyer.pay(PROCESS, order, key);
  expect([declined.status, await stateOf(paymentOf(declined))]).toEqual([402, 'PAYMENT_FAILED']);
  running.world.stripe.setFaults({ rules: [{ fault: 'rateLimit' }] });
  expect((await buyer.pay(PROCESS, order, key)).text).toBe(declined.text);
  running.world.stripe.setFaults({ rules: [] });
  const rival = await shop.buyer(running.url);
  expect((await rival.pay(PROCESS, orderOf(event, { seats: ['S1'] }))).status).toBe(200);
  expect(await checkInvariants(running.world)).toEqual([]);
});

it('is resolved by the provider’s event', async () => {
  await open('all', true);
  const delayed = { delayPpm: 1_000_000, delayMs: 2 * SILENCE_MS };
  running.world.stripe.setFaults({ ...once('failAfter'), webhooks: delayed });
  const reply = await buy();
  expect(reply.status).toBe(202);
  // The janitor has nothing to do with it: it is an hour late.
  await query(
    running.world,
    `UPDATE payment_intents SET next_attempt_at = now() + interval '1 hour'`,
  );
  await eventually(async () => (await stateOf(paymentOf(reply))) === 'PAID', 'the event');
  await expectOneSale(paymentOf(reply));
});

it('row 12: rows that stay sick do not starve the others', async () => {
  await open('worker');
  const general = shop.event();
  const card = 'pm_card_authenticationRequired';
  const waiting = await buyer.pay(PROCESS, orderOf(general, { card }));
  // Charging and looking up are refused, which is no outage; single objects can be read.
  const path = '^/v1/payment_intents(/search)?$';
  running.world.stripe.setFaults({ rules: [{ fault: 'rateLimit', match: { path } }] });
  const sick = await shop.buyers(running.url, 45);
  const replies = await Promise.all(sick.map((one) => one.pay(PROCESS, orderOf(general))));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202]));
  await answerChallenge(waiting, 'complete');
  await query(
    running.world,
    `UPDATE payment_intents SET next_attempt_at =
      now() - CASE status WHEN 'UNKNOWN' THEN interval '1 hour' ELSE interval '0' END`,
  );
  await eventually(async () => (await stateOf(paymentOf(waiting))) === 'PAID', 'its turn');
  const unknown = `SELECT FROM payment_transactions WHERE status = 'UNKNOWN'`;
  expect(await query(running.world, unknown)).toHaveLength(45);
  running.world.stripe.setFaults({ rules: [] });
  await eventually(async () => {
    await letTimePass(running.world);
    return (await query(running.world, unknown)).length === 0;
  }, 'all to be paid');
  expect(charges()).toBe(46);
  expect(await checkInvariants(running.world)).toEqual([]);
});

it('every kind of trouble at once: each payment is charged once, or not at all', async () => {
  await open('all', true);
  const kinds: readonly FaultName[] = FAULTS.map(([, fault]) => fault);
  running.world.stripe.setFaults({
    seed: 20_260_101,
    rules: kinds.map((fault) => ({ fault, ratePpm: 60_000, holdMs: SILENCE_MS })),
    webhooks: { duplicatePpm: 300_000, delayPpm: 300_000, delayMs: 500 },
  });
  const general = shop.event();
  const cards = ['pm_card_visa', 'pm_card_visa', 'pm_card_chargeDeclined'];
  for (let round = 0; round < 5; round++) {
    const buyers = await shop.buyers(running.url, 12);
    const replies = await Promise.all(
      buyers.map((one, i) => one.pay(PROCESS, orderOf(general, { card: cards[i % 3] ?? '' }))),
    );
    for (const { status } of replies) expect([200, 202, 402, 503]).toContain(status);
  }
  running.world.stripe.setFaults({ rules: [] });
  await eventually(async () => {
    await letTimePass(running.world);
    return (await checkInvariants(running.world)).length === 0;
  }, 'everything to come to rest');
});

describe('the breaker', () => {
  async function breakIt(): Promise<Reply> {
    running.world.stripe.setFaults({ rules: [{ fault: 'failBefore' }] });
    const general = shop.event();
    return eventually(async () => {
      const reply = await buyer.pay(PROCESS, orderOf(general));
      return reply.status === 503 && reply;
    }, 'the breaker to open');
  }
  const counts = () =>
    query(
      running.world,
      `SELECT (SELECT count(*) FROM payment_transactions) AS payments,
        (SELECT count(*) FROM payment_idempotency) AS keys, (SELECT count(*) FROM tickets) AS tickets,
        (SELECT sum(taken) FROM capacity_shards) AS taken`,
    );

  it('open: 503 at once with Retry-After, and nothing is stored', async () => {
    await open('api');
    const refused = await breakIt();
    expect(refused.body.code).toBe('PROVIDER_UNAVAILABLE');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const before = await counts();
    const asked = running.world.stripe.faults()[0]?.fired;
    expect((await buy()).status).toBe(503);
    expect(await counts()).toEqual(before);
    expect(running.world.stripe.faults()[0]?.fired).toBe(asked);
  });

  it('closes again when the provider is back, though nobody works in the background', async () => {
    await open('api');
    await breakIt();
    running.world.stripe.setFaults({ rules: [] });
    const reply = await eventually(async () => {
      const tried = await buy();
      return tried.status === 200 && tried;
    }, 'the provider to be asked again');
    expect(reply.body.transaction.status).toBe('completed');
  });
});

it('money in another amount than the sale’s is never booked', async () => {
  await open('api');
  const id = await buyInTrouble('failBefore');
  const [operation] = await query(
    running.world,
    'SELECT id, tenant_id, amount FROM payment_intents',
  );
  const created = await fetch(`${running.world.stripe.baseUrl}/v1/payment_intents`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${running.world.secrets.stripeSecretKey}`,
      'idempotency-key': `charge_${String(operation?.id)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      amount: String(Number(operation?.amount) + 1),
      currency: 'usd',
      confirm: 'true',
      payment_method: 'pm_card_visa',
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
      'metadata[operation_id]': String(operation?.id),
      'metadata[payment_id]': id,
      'metadata[tenant_id]': String(operation?.tenant_id),
    }).toString(),
  });
  expect(created.status).toBe(200);
  const { body } = await buyer.get(`/api/v1/payments/transaction/${id}`);
  expect(body.transaction.status).toBe('processing');
  expect(await stateOf(id)).toBe('UNKNOWN');
  expect(await query(running.world, 'SELECT FROM ledger_journals')).toEqual([]);
  // The auditor tells a person of it: a charge that is nobody's, a payment that stays open.
  const found = (await checkInvariants(running.world)).map((violation) => violation.slice(0, 3));
  expect(new Set(found)).toEqual(new Set(['I2 ', 'I14']));
});
