import { type RunningApp, startApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { CONFLICTS, refuse } from '../support/refusals.js';
import { newKey, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(60_000);

let running: RunningApp;
let shop: Shop;
let event: OneTypeEvent;
let buyer: Client;

beforeEach(async () => {
  running = await startApp({ ROLE: 'api' });
  running.world.stripe.clearWebhook();
  shop = new Shop(running.world);
  event = shop.event();
  buyer = await shop.buyer(running.url);
});
afterEach(() => running.close());

describe.each(CONFLICTS)('row 23: %s (%s)', (_, sqlState) => {
  it('is got over by trying again: one sale, one refund', async () => {
    await refuse(running.world, 'payment_transactions', sqlState, 2);
    const bought = await buyer.pay(PROCESS, orderOf(event));
    expect(bought.status).toBe(200);
    await refuse(running.world, 'payment_refunds', sqlState, 2);
    const admin = await shop.as(running.url, 'admin');
    const path = `/api/v1/payments/transaction/${String(bought.body.transaction.id)}/refund`;
    expect((await admin.pay(path, { amount: 1_000 })).status).toBe(200);
    const { charges, refunds } = running.world.stripe.truth();
    expect([charges.length, refunds.length]).toEqual([1, 1]);
    expect(await checkInvariants(running.world)).toEqual([]);
  });

  it('that does not end is 503 with Retry-After; nothing is kept, and the key works later', async () => {
    const key = newKey();
    await refuse(running.world, 'payment_transactions', sqlState, 1_000);
    const refused = await buyer.pay(PROCESS, orderOf(event), key);
    expect([refused.status, refused.body.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const kept = await query(
      running.world,
      `SELECT (SELECT count(*)::int FROM payment_idempotency) AS keys,
        (SELECT count(*)::int FROM tickets) AS tickets,
        (SELECT count(*)::int FROM payment_event_sequence) AS events`,
    );
    expect(kept).toEqual([{ keys: 0, tickets: 0, events: 0 }]);
    expect(running.world.stripe.truth().charges).toEqual([]);
    await refuse(running.world, 'payment_transactions', sqlState, 0);
    expect((await buyer.pay(PROCESS, orderOf(event), key)).status).toBe(200);
    expect(running.world.stripe.truth().charges).toHaveLength(1);
    expect(await checkInvariants(running.world)).toEqual([]);
  });
});
