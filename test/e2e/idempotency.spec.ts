import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { answerChallenge } from '../support/challenge.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import {
  CHARGE,
  eventually,
  letTimePass,
  newKey,
  type OneTypeEvent,
  orderOf,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';

let running: RunningApp;
let shop: Shop;
let event: OneTypeEvent;
let buyer: Client;

beforeAll(async () => {
  // Without background work, so that what happens is the requests' own doing.
  running = await startApp({ CATALOG_CACHE_MS: '0', ROLE: 'api' });
  shop = new Shop(running.world);
});
afterAll(() => running.close());

beforeEach(async () => {
  event = shop.event();
  buyer = await shop.buyer(running.url);
});
afterEach(async () => {
  const { stripe, tickets, orders } = running.world;
  stripe.setLatency(0);
  stripe.setFaults({ rules: [] });
  tickets.setOutage('none');
  orders.setOutage('none');
  expect(await checkInvariants(running.world)).toEqual([]);
});

const charges = () => running.world.stripe.truth().charges.length;
const codeOf = ({ status, body }: Reply) => [status, body.code];

function expectReplay(reply: Reply, first: Reply): void {
  expect(reply.status).toBe(first.status);
  expect(reply.text).toBe(first.text);
  expect(reply.headers.get('idempotent-replayed')).toBe('true');
}

/** Everybody finds the key free before anybody has it: reading passes the lock, claiming waits. */
async function atOneInstant(count: number, act: () => Promise<Reply>): Promise<Reply[]> {
  const blocker = new pg.Client(running.world.description.databaseUrl);
  await blocker.connect();
  await blocker.query('BEGIN; LOCK TABLE payment_idempotency IN SHARE MODE');
  const replies = Promise.all(Array.from({ length: count }, act));
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND query LIKE '%payment_idempotency%'`;
  await eventually(async () => (await query(running.world, waiting)).length > 4, 'the claims');
  await blocker.end();
  return replies;
}

describe('one key', () => {
  it('100 parallel requests make one charge, and all replay its answer', async () => {
    const before = charges();
    running.world.stripe.setLatency(300);
    const key = newKey();
    const burst = Array.from({ length: 100 }, () => buyer.pay(PROCESS, orderOf(event), key));
    const replies = await Promise.all(burst);
    const [answer, ...copies] = replies.filter(({ status }) => status === 200);
    if (!answer) throw new Error('none was answered');
    expect(copies.map(({ text }) => text)).toEqual(copies.map(() => answer.text));
    const others = replies.filter(({ status }) => status !== 200);
    expect(others.length).toBeGreaterThan(0);
    expect(new Set(others.map((reply) => codeOf(reply).join(' ')))).toEqual(
      new Set(['409 DUPLICATE_IN_PROGRESS']),
    );
    expect(charges()).toBe(before + 1);
    const again = Array.from({ length: 100 }, () => buyer.pay(PROCESS, orderOf(event), key));
    for (const reply of await Promise.all(again)) expectReplay(reply, answer);
    expect(charges()).toBe(before + 1);
  });

  it('is claimed by one of those that have all found it free', async () => {
    const before = charges();
    const key = newKey();
    const replies = await atOneInstant(10, () => buyer.pay(PROCESS, orderOf(event), key));
    const answers = replies.filter(({ status }) => status === 200).map(({ text }) => text);
    expect(new Set(answers).size).toBe(1);
    const refused = replies.filter(({ status }) => status !== 200).map(codeOf);
    expect(refused).toEqual(refused.map(() => [409, 'DUPLICATE_IN_PROGRESS']));
    expect(charges()).toBe(before + 1);
  });

  it('means one request: another body is refused, other spellings are the same', async () => {
    const key = newKey();
    const first = await buyer.pay(PROCESS, orderOf(event), key);
    const other = await buyer.pay(PROCESS, orderOf(event, { quantity: 2 }), key);
    expect(codeOf(other)).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const spelt = Object.fromEntries(Object.entries(orderOf(event)).reverse());
    expectReplay(await buyer.pay(PROCESS, spelt, key), first);
  });

  it('is a user’s own, and an operation’s own', async () => {
    const before = charges();
    const key = newKey();
    const userId = newKey();
    const user = await shop.buyer(running.url, userId);
    const mine = await user.pay(PROCESS, orderOf(event), key);
    const theirs = await buyer.pay(PROCESS, orderOf(event), key);
    const order = running.world.orders.createOrder({
      eventId: event.id,
      userId,
      lines: [{ ticketTypeId: event.typeId, quantity: 1 }],
    });
    const charged = await user.pay(
      CHARGE,
      {
        orderId: order.id,
        amount: mine.body.fees.total,
        currency: 'USD',
        paymentMethod: 'stripe',
        paymentMethodId: 'pm_card_visa',
      },
      key,
    );
    expect([mine.status, theirs.status, charged.status]).toEqual([200, 200, 200]);
    expect(charges()).toBe(before + 3);
  });

  it.each([
    ['missing', {}, 'IDEMPOTENCY_KEY_MISSING'],
    ['not a UUID', { 'idempotency-key': 'order-1' }, 'IDEMPOTENCY_KEY_INVALID'],
  ])('that is %s moves nothing', async (_, headers: Record<string, string>, code) => {
    const before = charges();
    const reply = await buyer.post(PROCESS, orderOf(event), headers);
    expect(codeOf(reply)).toEqual([400, code]);
    expect(charges()).toBe(before);
  });
});

describe('a stored answer', () => {
  it('of a declined card is replayed too, and another card needs another key', async () => {
    const key = newKey();
    const declined = orderOf(event, { card: 'pm_card_chargeDeclined' });
    const first = await buyer.pay(PROCESS, declined, key);
    expect(codeOf(first)).toEqual([402, 'PAYMENT_FAILED']);
    expectReplay(await buyer.pay(PROCESS, declined, key), first);
    expect((await buyer.pay(PROCESS, orderOf(event))).status).toBe(200);
  });

  it('wins over a price that has changed since', async () => {
    const key = newKey();
    const first = await buyer.pay(PROCESS, orderOf(event), key);
    running.world.tickets.createEvent({
      id: event.id,
      venueId: event.venueId,
      ticketTypes: [{ id: event.typeId, name: 'Any', priceCents: event.priceCents + 1 }],
    });
    expectReplay(await buyer.pay(PROCESS, orderOf(event), key), first);
    expect(codeOf(await buyer.pay(PROCESS, orderOf(event)))).toEqual([409, 'PRICE_CHANGED']);
  });

  it.each(['down', 'hang'] as const)('is given while the catalogue is %s', async (mode) => {
    const key = newKey();
    const first = await buyer.pay(PROCESS, orderOf(event), key);
    running.world.tickets.setOutage(mode);
    expectReplay(await buyer.pay(PROCESS, orderOf(event), key), first);
    const fresh = newKey();
    const refused = await buyer.pay(PROCESS, orderOf(event), fresh);
    expect(codeOf(refused)).toEqual([503, 'TICKET_SERVICE_UNAVAILABLE']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    running.world.tickets.setOutage('none');
    // Nothing was stored under the refused key: it is as good as new.
    const later = await buyer.pay(PROCESS, orderOf(event), fresh);
    expect([later.status, later.headers.get('idempotent-replayed')]).toEqual([200, null]);
  });

  it('is given while the order service is down', async () => {
    const userId = newKey();
    const user = await shop.buyer(running.url, userId);
    const { id } = running.world.orders.createOrder({
      eventId: event.id,
      userId,
      lines: [{ ticketTypeId: event.typeId, quantity: 1 }],
    });
    const { body } = await user.pay(PROCESS, orderOf(event));
    const charge = {
      orderId: id,
      amount: body.fees.total,
      currency: 'USD',
      paymentMethod: 'stripe',
      paymentMethodId: 'pm_card_visa',
    };
    const key = newKey();
    const first = await user.pay(CHARGE, charge, key);
    expect(first.status).toBe(200);
    running.world.orders.setOutage('down');
    expectReplay(await user.pay(CHARGE, charge, key), first);
    expect(codeOf(await user.pay(CHARGE, charge))).toEqual([503, 'ORDER_SERVICE_UNAVAILABLE']);
  });
});

describe('a key whose outcome is open', () => {
  it('answers how things stand, every time, until the answer is final', async () => {
    const key = newKey();
    const order = orderOf(event, { card: 'pm_card_authenticationRequired' });
    const first = await buyer.pay(PROCESS, order, key);
    const secret = first.body.clientSecret;
    expect([first.status, typeof secret]).toEqual([200, 'string']);
    for (let repetition = 0; repetition < 3; repetition++) {
      const again = await buyer.pay(PROCESS, order, key);
      expect([again.status, again.body.clientSecret]).toEqual([200, secret]);
      expect(again.headers.get('idempotent-replayed')).toBeNull();
    }
    await answerChallenge(first, 'complete');
    const paid = await buyer.pay(PROCESS, order, key);
    expect([paid.status, paid.body.transaction.status]).toEqual([200, 'completed']);
    expectReplay(await buyer.pay(PROCESS, order, key), paid);
  });

  it('is taken over by one of many when its request has died', async () => {
    running.world.stripe.setFaults({ rules: [{ fault: 'failBefore' }] });
    const key = newKey();
    const open = await buyer.pay(PROCESS, orderOf(event), key);
    expect([open.status, open.body.transaction.status]).toEqual([202, 'processing']);
    // A rule that spoils nothing counts how often a charge is asked for.
    running.world.stripe.setFaults({
      rules: [{ fault: 'hang', holdMs: 0, match: { method: 'POST' } }],
    });
    running.world.stripe.setLatency(200);
    const before = charges();
    await letTimePass(running.world);
    const replies = await atOneInstant(10, () => buyer.pay(PROCESS, orderOf(event), key));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 409]));
    expect(charges()).toBe(before + 1);
    expect(running.world.stripe.faults()).toMatchObject([{ fired: 1 }]);
    const ids = await query(
      running.world,
      `SELECT DISTINCT resource_id FROM payment_idempotency WHERE idempotency_key = $1`,
      [key],
    );
    expect(ids).toEqual([{ resource_id: open.body.transaction.id }]);
  });
});
