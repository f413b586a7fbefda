import { CommandBus } from '@nestjs/cqrs';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import type { Uuid } from '../../src/kernel/ids.js';
import { SettleRefund } from '../../src/payments/payments.contract.js';
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

let running: RunningApp;
let shop: Shop;
let event: OneTypeEvent;
let buyer: Client;
let admin: Client;

beforeAll(async () => {
  running = await startApp();
  shop = new Shop(running.world);
  running.world.stripe.clearWebhook();
  admin = await shop.as(running.url, 'admin');
});
afterAll(() => running.close());

beforeEach(async () => {
  event = shop.event();
  buyer = await shop.buyer(running.url);
});
afterEach(async () => {
  expect(await checkInvariants(running.world)).toEqual([]);
});

const idOf = ({ body }: Reply) => String(body.transaction.id);
const refund = (id: string, body: object, by = admin, key = newKey()) =>
  by.post(`/api/v1/payments/transaction/${id}/refund`, body, { 'idempotency-key': key });
const read = async (id: string) =>
  (await admin.get(`/api/v1/payments/transaction/${id}`)).body.transaction;
/** What the usual policy lets back: tickets and taxes. */
const refundable = ({ body }: Reply) => Number(body.fees.ticketPrice) + Number(body.fees.totalTax);
const amountOf = ({ body }: Reply) => (body.refund as { amount: number }).amount;
const refundsAtProvider = (id: string) =>
  running.world.stripe.truth().refunds.filter(({ metadata }) => metadata.payment_id === id);
const ticketsOf = async (id: string): Promise<unknown[]> => {
  const text = 'SELECT status FROM tickets WHERE payment_id = $1 ORDER BY id';
  return (await query(running.world, text, [id])).map(({ status }) => status);
};
const buy = async (quantity = 2) => {
  const reply = await buyer.pay(PROCESS, orderOf(event, { quantity }));
  expect(reply.status).toBe(200);
  return reply;
};

describe('a full refund', () => {
  it('gives back tickets and taxes, not the fees the policy keeps; the tickets end', async () => {
    const bought = await buy();
    const id = idOf(bought);
    const back = refundable(bought);
    const reply = await refund(id, { reason: 'Customer requested cancellation' });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      success: true,
      refund: { amount: back, status: 'completed' },
      status: 'refunded',
      refundableCents: 0,
    });
    expect(await read(id)).toMatchObject({ status: 'refunded', refundedAmount: back });
    expect(refundsAtProvider(id)).toMatchObject([{ amount: back, status: 'succeeded' }]);
    expect(await ticketsOf(id)).toEqual(['refunded', 'refunded']);
    const again = await refund(id, {});
    expect(again.status).toBe(422);
    expect(again.body).toMatchObject({ code: 'REFUND_EXCEEDS_ORIGINAL', refundableCents: 0 });
  });

  it('that somebody else records first answers what every repetition will get', async () => {
    const id = idOf(await buy()) as Uuid;
    const key = newKey();
    armFailpoints('refund.after_provider:sleep:3000');
    const slow = refund(id, { amount: 1_000 }, admin, key);
    await eventually(() => refundsAtProvider(id).length === 1, 'the provider to have it');
    armFailpoints(undefined);
    const { tenantId } = running.world.cast;
    const refundId = refundsAtProvider(id)[0]?.metadata.refund_id as Uuid;
    await running.app.get(CommandBus).execute(new SettleRefund(tenantId as Uuid, id, refundId));
    // What is left to give back is another sum from now on.
    expect((await refund(id, { amount: 2_000 })).status).toBe(200);
    const first = await slow;
    expect(first.status).toBe(200);
    expect((await refund(id, { amount: 1_000 }, admin, key)).text).toBe(first.text);
  });

  it('is repeated byte for byte by its key, and another body is refused', async () => {
    const id = idOf(await buy());
    const key = newKey();
    const first = await refund(id, { amount: 1_000 }, admin, key);
    const second = await refund(id, { amount: 1_000 }, admin, key);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await refund(id, { amount: 2_000 }, admin, key)).body.code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect(refundsAtProvider(id)).toHaveLength(1);
  });
});

describe('a refund by ticket', () => {
  it('ends that ticket and frees its place; the other one stays', async () => {
    const bought = await buy();
    const id = idOf(bought);
    const [ticket] = bought.body.transaction.tickets as [{ id: string }];
    const reply = await refund(id, { ticketIds: [ticket.id] });
    expect(reply.body).toMatchObject({
      refund: { status: 'completed', ticketIds: [ticket.id] },
      status: 'partially_refunded',
    });
    expect((await ticketsOf(id)).sort()).toEqual(['refunded', 'sold']);
    expect((await refund(id, { ticketIds: [ticket.id] })).body.code).toBe('VALIDATION_ERROR');
    const rest = await refund(id, {});
    expect(amountOf(reply) + amountOf(rest)).toBe(refundable(bought));
    expect(await read(id)).toMatchObject({ status: 'refunded' });
  });
});

describe('who may', () => {
  it('the buyer may not, outside the window; a stranger sees nothing', async () => {
    const id = idOf(await buy());
    expect((await refund(id, {}, buyer)).status).toBe(403);
    expect((await refund(id, {}, await shop.buyer(running.url))).status).toBe(404);
    expect(refundsAtProvider(id)).toEqual([]);
  });
});

describe('twenty refunds at once', () => {
  it('never give back more than was paid', async () => {
    const bought = await buy(4);
    const id = idOf(bought);
    const amount = Math.floor(refundable(bought) / 5) + 1;
    const replies = await Promise.all(Array.from({ length: 20 }, () => refund(id, { amount })));
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(4).fill(200), ...Array(16).fill(422)]);
    const given = refundsAtProvider(id).reduce((sum, each) => sum + each.amount, 0);
    expect(given).toBe(4 * amount);
  });
});
