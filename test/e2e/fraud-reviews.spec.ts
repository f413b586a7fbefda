import { CARDS } from '../../src/sandbox/cards.js';
import { newId } from '../../src/kernel/ids.js';
import { PaymentStreams } from '../../src/payments/infra/payment-streams.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client, type Reply } from '../support/client.js';
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
let shop: Shop;
let event: OneTypeEvent;
let admin: Client;
let reviewer: Client;

beforeAll(async () => {
  running = await startApp();
  shop = new Shop(running.world);
  admin = await shop.as(running.url, 'admin');
  reviewer = await withRole('reviewer');
});
afterAll(() => running.close());
beforeEach(() => {
  event = shop.event({ capacity: 10, venueId: running.world.cast.venues.nashville });
});

const QUEUE = '/admin/fraud/reviews';

async function withRole(role: 'reviewer' | 'venue_manager', userId = newId()): Promise<Client> {
  const { tenantId, venues } = running.world.cast;
  const token = await running.world.mintToken({
    sub: userId,
    tenantId,
    roles: [role],
    venues: role === 'venue_manager' ? [venues.nashville] : [],
  });
  return new Client(running.url, token);
}

/** A buyer of whom it is known, so surely, that they sell tickets on. */
async function suspect(confidence: number, userId = newId()): Promise<Client> {
  const wish = { userId, confidence, reason: 'sold forty tickets last year' };
  const added = await admin.post('/admin/fraud/known-scalpers', wish);
  expect(added.status).toBe(201);
  return shop.buyer(running.url, userId);
}

const buy = (buyer: Client, key = newKey(), card: string = CARDS.ok): Promise<Reply> =>
  buyer.pay(PROCESS, orderOf(event, { quantity: 2, card }), key);
const idOf = ({ body }: Reply) => String(body.transaction.id);
const decide = (id: string, what: 'approve' | 'reject', by = reviewer, key = newKey()) =>
  by.pay(`${QUEUE}/${id}/${what}`, { reason: 'looked at it' }, key);
const statusOf = async (id: string) =>
  (await admin.get(`/api/v1/payments/transaction/${id}`)).body.transaction.status;
const ticketsOf = async (id: string) =>
  (await query(running.world, 'SELECT status FROM tickets WHERE payment_id = $1', [id])).map(
    ({ status }) => status,
  );
const chargeOf = (id: string) =>
  running.world.stripe.truth().charges.find(({ metadata }) => metadata.payment_id === id);
const sound = async () => expect(await checkInvariants(running.world)).toEqual([]);

describe('a purchase that a person has to look at', () => {
  let userId: string;
  let buyer: Client;
  let key: string;
  let id: string;

  beforeEach(async () => {
    userId = newId();
    buyer = await suspect(0.6, userId);
    key = newKey();
    const reply = await buy(buyer, key);
    expect([reply.status, reply.body.transaction.status]).toEqual([202, 'in_review']);
    id = idOf(reply);
  });

  it('holds the money and the tickets, and stands in the queue with what was found', async () => {
    expect(chargeOf(id)).toMatchObject({ captured: false, amount: 11_895 });
    expect(await ticketsOf(id)).toEqual(['held', 'held']);
    const { status, body } = await reviewer.get(`${QUEUE}?limit=100`);
    expect(status).toBe(200);
    const mine = (body.reviews as { paymentId: string }[]).find(
      ({ paymentId }) => paymentId === id,
    );
    expect(mine).toMatchObject({
      eventId: event.id,
      amountCharged: 11_895,
      tickets: 2,
      check: {
        decision: 'review',
        reasons: expect.arrayContaining(['scalper:known_scalper']) as string[],
      },
    });
    await sound();
  });

  it('answers its buyer 202 until somebody has decided', async () => {
    const again = await buy(buyer, key);
    expect([again.status, idOf(again)]).toEqual([202, id]);
  });

  it('approved: the money is taken, and the key answers what became of it', async () => {
    const approved = await decide(id, 'approve');
    expect([approved.status, approved.body.transaction.status]).toEqual([200, 'completed']);
    expect(chargeOf(id)).toMatchObject({ captured: true });
    expect(await ticketsOf(id)).toEqual(['sold', 'sold']);
    const again = await buy(buyer, key);
    expect([again.status, again.body.transaction.status]).toEqual([200, 'completed']);
    expect((await decide(id, 'reject')).status).toBe(409);
    await sound();
  });

  it('rejected: the money is let go, and the tickets are on sale again', async () => {
    const rejected = await decide(id, 'reject');
    expect([rejected.status, rejected.body.transaction.status]).toEqual([200, 'cancelled']);
    expect(await ticketsOf(id)).toEqual(['released', 'released']);
    const again = await buy(buyer, key);
    expect([again.status, again.body.success]).toEqual([200, false]);
    await sound();
  });

  it('is decided once, however often and by whomever it is asked for at once', async () => {
    const answers = await Promise.all([
      decide(id, 'approve'),
      decide(id, 'approve'),
      decide(id, 'reject'),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 409]).toContain(status);
    await sound();
  });

  it('is audited with who decided what, and heard of as a label', async () => {
    await decide(id, 'approve');
    const audited = await query(
      running.world,
      `SELECT action, after->>'reason' AS reason FROM audit_log WHERE object_id = $1`,
      [id],
    );
    expect(audited).toEqual([{ action: 'payment.review_approved', reason: 'looked at it' }]);
    await eventually(async () => {
      const { body } = await reviewer.get(`/admin/fraud/decisions?paymentId=${id}`);
      return JSON.stringify(body).includes('approved');
    }, 'the label');
  });

  it('rejected too late, by somebody who has seen it before the approval, is approved alone', async () => {
    // Nobody but the one who is late may load it next.
    await eventually(async () => {
      const [inbox] = await query(
        running.world,
        `SELECT count(*)::int AS open FROM webhook_inbox WHERE status <> 'processed'`,
      );
      return inbox?.open === 0 && running.world.stripe.deliveries().pending === 0;
    }, 'what the provider tells');
    const streams = running.app.get(PaymentStreams);
    const load = streams.load.bind(streams);
    jest.spyOn(streams, 'load').mockImplementationOnce(async (...args) => {
      const seen = await load(...args);
      expect((await decide(id, 'approve')).status).toBe(200);
      return seen;
    });
    const late = await decide(id, 'reject');
    expect([late.status, late.body.code]).toEqual([409, 'PAYMENT_STATE_CONFLICT']);
    const told = await query(
      running.world,
      `SELECT event_type AS what, payload::text AS payload FROM outbox
        WHERE aggregate_type = 'review' AND aggregate_id = $1`,
      [id],
    );
    expect(told.map(({ what }) => what)).toEqual(['payment.review_approved']);
    expect(JSON.parse(String(told[0]?.payload))).toEqual({ paymentId: id, userId });
    const audited = await query(
      running.world,
      'SELECT action FROM audit_log WHERE object_id = $1',
      [id],
    );
    expect(audited).toEqual([{ action: 'payment.review_approved' }]);
    await sound();
  });

  it('is not decided on by its own buyer, whatever else they are', async () => {
    const itself = await withRole('reviewer', userId);
    for (const what of ['approve', 'reject'] as const) {
      const refused = await decide(id, what, itself);
      expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN']);
    }
    expect(await statusOf(id)).toBe('in_review');
  });

  it('is no business of buyers or venues', async () => {
    const manager = await withRole('venue_manager');
    for (const caller of [buyer, manager]) {
      expect((await caller.get(QUEUE)).status).toBe(403);
      expect((await decide(id, 'approve', caller)).status).toBe(403);
    }
    const capture = `/api/v1/payments/transaction/${id}/capture`;
    expect((await manager.pay(capture, {})).status).toBe(409);
    const cancel = `/api/v1/payments/transaction/${id}/cancel`;
    expect((await manager.pay(cancel, {})).status).toBe(409);
    expect(await statusOf(id)).toBe('in_review');
  });
});

it('a card that cannot be charged is declined before anybody has to look', async () => {
  const reply = await buy(await suspect(0.6), newKey(), CARDS.insufficientFunds);
  expect([reply.status, reply.body.code]).toEqual([402, 'PAYMENT_FAILED']);
});

it('a payment that is not in review cannot be decided', async () => {
  const paid = await buy(await shop.buyer(running.url));
  expect((await decide(idOf(paid), 'approve')).status).toBe(409);
  expect((await decide(newId(), 'approve')).status).toBe(404);
});

it('a buyer who has to prove it is sent to the bank, whatever the card', async () => {
  const reply = await buy(await suspect(0.5));
  expect([reply.status, reply.body.transaction.status]).toEqual([200, 'requires_action']);
  expect(reply.body.nextAction).toMatchObject({ type: 'redirect_to_url' });
  expect(chargeOf(idOf(reply))).toBeUndefined();
});

describe('a purchase that is refused', () => {
  it('as fraud leaves nothing behind but the decision', async () => {
    const buyer = await suspect(0.9);
    const reply = await buy(buyer);
    expect([reply.status, reply.body.code]).toEqual([403, 'FRAUD_DETECTED']);
    expect(reply.text).not.toContain('scalper');
    const { count } = (
      await query(running.world, 'SELECT count(*)::int FROM tickets WHERE event_id = $1', [
        event.id,
      ])
    )[0] as { count: number };
    expect(count).toBe(0);
    const { body } = await reviewer.get(`/admin/fraud/decisions?eventId=${event.id}`);
    expect(JSON.stringify(body)).toContain('scalper:known_scalper');
    await sound();
  });

  it('as a bot says no more than that', async () => {
    const browserFeatures = { webdriver: true, userAgent: 'HeadlessChrome/141.0', plugins: 0 };
    const rest = { sessionData: { actions: [], browserFeatures } };
    const buyer = await shop.buyer(running.url);
    const reply = await buyer.pay(PROCESS, orderOf(event, { rest }));
    expect([reply.status, reply.body.code]).toEqual([403, 'BOT_DETECTED']);
  });
});
