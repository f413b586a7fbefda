import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { Janitor } from '../../src/payments/infra/janitor.js';
import { checkInvariants } from '../support/invariants/index.js';
import { newKey, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

let running: RunningApp;
let shop: Shop;
let event: OneTypeEvent;
let buyer: Client;
let admin: Client;

beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  shop = new Shop(running.world);
  running.world.stripe.clearWebhook();
  admin = await shop.as(running.url, 'admin');
});
afterAll(() => running.close());

beforeEach(async () => {
  event = shop.event({ seated: true });
  buyer = await shop.buyer(running.url);
});
afterEach(async () => {
  expect(await checkInvariants(running.world)).toEqual([]);
});

const idOf = ({ body }: Reply) => String(body.transaction.id);
const ask = (id: string, what: 'capture' | 'cancel', body = {}, by = admin, key = newKey()) =>
  by.pay(`/api/v1/payments/transaction/${id}/${what}`, body, key);
const intentOf = (id: string) =>
  running.world.stripe.truth().intents.find(({ metadata }) => metadata.payment_id === id);
const ticketsOf = async (id: string): Promise<unknown[]> => {
  const text = 'SELECT status FROM tickets WHERE payment_id = $1';
  return (await query(running.world, text, [id])).map(({ status }) => status);
};

async function buy(card: string, rest: object): Promise<Reply> {
  const reply = await buyer.pay(
    PROCESS,
    orderOf(event, { seats: ['A1'], card, rest: { ...rest } }),
  );
  expect(reply.status).toBe(200);
  return reply;
}
const authorized = () => buy(CARDS.ok, { captureMethod: 'manual' });
const waiting = () => buy(CARDS.threeDSecure, {});

/** As if the payment had begun that long ago. */
async function age(id: string, hours: number): Promise<void> {
  const began = new Date(Date.now() - hours * 3_600_000).toISOString();
  await query(
    running.world,
    `SET session_replication_role = replica;
    UPDATE payment_event_sequence
      SET payload = jsonb_set(payload, '{sale,startedAt}', '"${began}"')
      WHERE payment_id = '${id}' AND sequence_number = 1;
    UPDATE payment_intents SET next_attempt_at = now() WHERE payment_id = '${id}'`,
  );
}

describe('a capture', () => {
  it('takes all of it, once, and books the sale', async () => {
    const id = idOf(await authorized());
    const key = newKey();
    const reply = await ask(id, 'capture', {}, admin, key);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ success: true, transaction: { status: 'completed' } });
    const again = await ask(id, 'capture', {}, admin, key);
    expect(again.text).toBe(reply.text);
    expect(intentOf(id)).toMatchObject({ status: 'succeeded', amountReceived: 5_948 });
    expect(await ticketsOf(id)).toEqual(['sold']);
    expect((await ask(id, 'capture')).body.code).toBe('PAYMENT_STATE_CONFLICT');
  });

  it('takes a part: every line shrinks in proportion, the proof holds, and it can be refunded', async () => {
    const id = idOf(await authorized());
    const reply = await ask(id, 'capture', { amount: 3_000 });
    expect(reply.status).toBe(200);
    const proof = await admin.get(`/api/v1/payments/transaction/${id}/proof`);
    expect(proof.body).toMatchObject({ balanced: true, clearingEqualsCaptured: true });
    const refund = await admin.pay(`/api/v1/payments/transaction/${id}/refund`, {});
    expect(refund.status).toBe(200);
    expect(await ticketsOf(id)).toEqual(['refunded']);
  });

  it.each([
    [{ amount: 5_949 }, 422, 'VALIDATION_ERROR'],
    [{ amount: 0 }, 422, 'VALIDATION_ERROR'],
  ])('of %j is %i %s', async (body, status, code) => {
    const id = idOf(await authorized());
    const reply = await ask(id, 'capture', body);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect(intentOf(id)?.status).toBe('requires_capture');
  });

  it('is the venue’s to ask for, not the buyer’s', async () => {
    const id = idOf(await authorized());
    expect((await ask(id, 'capture', {}, buyer)).status).toBe(403);
  });

  it('and a void at once: one of them happens', async () => {
    const id = idOf(await authorized());
    const replies = await Promise.all([ask(id, 'capture'), ask(id, 'cancel')]);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('a cancellation', () => {
  it('lets go of an authorization; the seat is free', async () => {
    const id = idOf(await authorized());
    expect((await ask(id, 'cancel')).body).toMatchObject({
      success: true,
      transaction: { status: 'cancelled' },
    });
    expect(intentOf(id)?.status).toBe('canceled');
    expect(await ticketsOf(id)).toEqual(['released']);
    idOf(await authorized());
  });

  it('by the buyer ends a purchase that waits for the buyer', async () => {
    const id = idOf(await waiting());
    expect((await ask(id, 'cancel', {}, buyer)).status).toBe(200);
    expect(intentOf(id)?.status).toBe('canceled');
  });

  it('of money that is in is refused: it is refunded', async () => {
    const id = idOf(await buy(CARDS.ok, {}));
    expect((await ask(id, 'cancel')).body.code).toBe('PAYMENT_STATE_CONFLICT');
  });
});

describe('what nobody completes in time', () => {
  it.each([
    ['3-D Secure after a quarter of an hour', waiting, 0.3],
    ['an authorization after six and a half days', authorized, 157],
  ])(
    '%s: the provider’s intent first, then EXPIRED, and the seat is free',
    async (_, begin, hours) => {
      const id = idOf(await begin());
      await age(id, hours);
      await running.app.get(Janitor).pass();
      const [row] = await query(
        running.world,
        'SELECT status FROM payment_transactions WHERE id = $1',
        [id],
      );
      expect(row?.status).toBe('EXPIRED');
      expect(intentOf(id)?.status).toBe('canceled');
      expect(await ticketsOf(id)).toEqual(['released']);
    },
  );

  it('but not before', async () => {
    const id = idOf(await waiting());
    await age(id, 0.2);
    await running.app.get(Janitor).pass();
    expect(intentOf(id)?.status).toBe('requires_action');
  });
});
