import { signInternalRequest } from '../../src/kernel/auth/index.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import { answerChallenge } from '../support/challenge.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import {
  CHARGE,
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
let userId: string;
let buyer: Client;

beforeAll(async () => {
  running = await startApp();
  shop = new Shop(running.world);
  // What the buyer and the provider do is all that happens here: no event helps along.
  running.world.stripe.clearWebhook();
});
afterAll(() => running.close());

beforeEach(async () => {
  event = shop.event({ seated: true });
  userId = newKey();
  buyer = await shop.buyer(running.url, userId);
});
afterEach(async () => {
  expect(await checkInvariants(running.world)).toEqual([]);
});

const paymentOf = ({ body }: Reply) => String(body.transaction.id);
const stateOf = async (id: string): Promise<unknown> => {
  const text = 'SELECT status FROM payment_transactions WHERE id = $1';
  return (await query(running.world, text, [id]))[0]?.status;
};
const ticketsOf = async (id: string): Promise<unknown[]> => {
  const text = 'SELECT status FROM tickets WHERE payment_id = $1';
  return (await query(running.world, text, [id])).map(({ status }) => status);
};
const intentsOf = (id: string) =>
  running.world.stripe.truth().intents.filter(({ metadata }) => metadata.payment_id === id);
const seat = (card: string, rest = {}) => orderOf(event, { seats: ['A1'], card, rest });
const confirm = (id: string) => buyer.post(`/api/v1/payments/transaction/${id}/confirm`, {});

describe('a card that is declined', () => {
  it.each([
    [CARDS.declined, 'generic_decline'],
    [CARDS.insufficientFunds, 'insufficient_funds'],
    [CARDS.expired, 'expired_card'],
  ])('%s: 402 %s, and the seat is free again', async (card, declineCode) => {
    const reply = await buyer.pay(PROCESS, seat(card));
    expect(reply.status).toBe(402);
    expect(reply.body).toMatchObject({ code: 'PAYMENT_FAILED', declineCode });
    expect(await stateOf(paymentOf(reply))).toBe('PAYMENT_FAILED');
    expect(await ticketsOf(paymentOf(reply))).toEqual(['released']);
    expect((await buyer.pay(PROCESS, seat(CARDS.ok))).status).toBe(200);
  });
});

describe('3-D Secure', () => {
  it('completed on the bank’s page: /confirm answers the paid purchase, once and again', async () => {
    const waiting = await buyer.pay(PROCESS, seat(CARDS.threeDSecure));
    const id = paymentOf(waiting);
    expect(waiting.status).toBe(200);
    expect(waiting.body).toMatchObject({
      success: false,
      clientSecret: expect.stringMatching(/^pi_/) as string,
      transaction: { status: 'requires_action' },
    });
    expect(await ticketsOf(id)).toEqual(['held']);
    expect((await confirm(id)).body.transaction.status).toBe('requires_action');
    await answerChallenge(waiting, 'complete');
    for (let time = 0; time < 2; time++) {
      const confirmed = await confirm(id);
      expect([confirmed.status, confirmed.body.transaction.status]).toEqual([200, 'completed']);
    }
    expect(await ticketsOf(id)).toEqual(['sold']);
    expect(
      JSON.stringify(await query(running.world, 'SELECT * FROM payment_event_sequence')),
    ).not.toContain('_secret_');
  });

  it('failed: the intent is cancelled, the seat is free, the late secret is worthless', async () => {
    const waiting = await buyer.pay(PROCESS, seat(CARDS.threeDSecure));
    const id = paymentOf(waiting);
    await answerChallenge(waiting, 'fail');
    const confirmed = await confirm(id);
    expect([confirmed.status, confirmed.body.code]).toEqual([402, 'PAYMENT_FAILED']);
    expect(intentsOf(id)).toMatchObject([{ status: 'canceled' }]);
    expect(await ticketsOf(id)).toEqual(['released']);
    const { redirectToUrl } = waiting.body.nextAction as { redirectToUrl: string };
    const late = await fetch(redirectToUrl, { method: 'POST', body: 'outcome=complete' });
    expect(late.status).toBe(409);
    expect((await buyer.pay(PROCESS, seat(CARDS.ok))).status).toBe(200);
  });

  it('of somebody else is not theirs to confirm', async () => {
    const waiting = await buyer.pay(PROCESS, seat(CARDS.threeDSecure));
    const stranger = await shop.buyer(running.url);
    const path = `/api/v1/payments/transaction/${paymentOf(waiting)}/confirm`;
    expect((await stranger.post(path, {})).status).toBe(404);
    await answerChallenge(waiting, 'complete');
    expect((await confirm(paymentOf(waiting))).status).toBe(200);
  });
});

it('manual capture: authorized, nothing booked, the seat stays held', async () => {
  const reply = await buyer.pay(PROCESS, seat(CARDS.ok, { captureMethod: 'manual' }));
  const id = paymentOf(reply);
  expect([reply.status, reply.body.transaction.status]).toEqual([200, 'authorized']);
  expect(intentsOf(id)).toMatchObject([{ status: 'requires_capture', amountReceived: 0 }]);
  expect(await ticketsOf(id)).toEqual(['held']);
  const journals = await query(
    running.world,
    'SELECT FROM ledger_journals WHERE reference_id = $1',
    [id],
  );
  expect(journals).toEqual([]);
});

it('a free event never calls the provider', async () => {
  const free = shop.event({ priceCents: 0 });
  const { venueOwner } = running.world.cast.users;
  const token = await running.world.mintToken({
    sub: venueOwner,
    tenantId: running.world.cast.tenantId,
    roles: ['venue_owner'],
    venues: [free.venueId],
  });
  const settings = await fetch(`${running.url}/api/v1/venues/${free.venueId}/settings`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ settings: { gasFeePayer: 'platform' } }),
  });
  expect(settings.status).toBe(200);
  const requests = running.world.stripe.truth().intents.length;
  const key = newKey();
  const reply = await buyer.pay(PROCESS, orderOf(free), key);
  expect([reply.status, reply.body.transaction.status, reply.body.fees.total]).toEqual([
    200,
    'completed',
    0,
  ]);
  expect(running.world.stripe.truth().intents).toHaveLength(requests);
  expect((await buyer.pay(PROCESS, orderOf(free), key)).text).toBe(reply.text);
});

describe('an order of the order service', () => {
  const orderFor = (user: string) =>
    running.world.orders.createOrder({
      eventId: event.id,
      userId: user,
      lines: [{ ticketTypeId: event.typeId, quantity: 1, seatNumbers: ['B1'] }],
    });
  const charge = (orderId: string, amount: number) =>
    buyer.pay(CHARGE, {
      orderId,
      amount,
      currency: 'USD',
      paymentMethod: 'stripe',
      paymentMethodId: CARDS.ok,
    });

  it('costs what the server says: another amount is told the right one', async () => {
    const { id } = orderFor(userId);
    const wrong = await charge(id, 1);
    expect([wrong.status, wrong.body.code]).toEqual([409, 'PRICE_CHANGED']);
    expect(intentsOf(id)).toEqual([]);
    const right = await charge(id, Number(wrong.body.expectedAmount));
    expect([right.status, right.body.payment]).toMatchObject([
      200,
      { orderId: id, status: 'SUCCESS', amount: wrong.body.expectedAmount },
    ]);
  });

  it('of somebody else does not exist', async () => {
    const reply = await charge(orderFor(newKey()).id, 1);
    expect([reply.status, reply.body.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('binding a payment to its order', () => {
  const PATH = '/internal/payment-complete';
  function complete(orderId: string, paymentId: string): Promise<Reply> {
    const { tenantId } = running.world.cast;
    const { service, secret } = running.world.description.internal;
    const body = JSON.stringify({ orderId, paymentId });
    const now = new Date();
    const signed = { service, secret, tenantId, method: 'POST', path: PATH, body, now };
    return buyer.send('POST', PATH, body, signInternalRequest(signed));
  }
  const told = () =>
    query(
      running.world,
      `SELECT payload->>'orderId' AS "orderId" FROM outbox WHERE event_type = 'order.paid'
        ORDER BY id`,
    );

  it('tells of it once; the same again changes nothing, any other pair is refused', async () => {
    const paid = paymentOf(await buyer.pay(PROCESS, seat(CARDS.ok)));
    const other = paymentOf(await buyer.pay(PROCESS, orderOf(event, { seats: ['A2'] })));
    const orderId = newKey();
    const burst = await Promise.all(Array.from({ length: 10 }, () => complete(orderId, paid)));
    expect(burst.map(({ status }) => status)).toEqual(burst.map(() => 200));
    for (const pair of [
      [orderId, other],
      [newKey(), paid],
    ] as const) {
      const refused = await complete(...pair);
      expect([refused.status, refused.body.code]).toEqual([409, 'ORDER_MISMATCH']);
    }
    expect(await told()).toEqual([{ orderId }]);
  });

  it('waits for the money', async () => {
    const declined = paymentOf(await buyer.pay(PROCESS, seat(CARDS.declined)));
    const refused = await complete(newKey(), declined);
    expect([refused.status, refused.body.code]).toEqual([409, 'PAYMENT_STATE_CONFLICT']);
    expect((await complete(newKey(), newKey())).status).toBe(404);
  });
});
