import { type RunningApp, startApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { bookOf } from '../support/disputes.js';
import { checkInvariants } from '../support/invariants/index.js';
import { eventually, newKey, type OneTypeEvent, orderOf, PROCESS, Shop } from '../support/shop.js';

let running: RunningApp;
let event: OneTypeEvent;
let buyer: Client;
let admin: Client;

beforeAll(async () => {
  running = await startApp();
  running.world.stripe.setLags({ disputeLagMs: 50, balanceTransactionLagMs: 0 });
  const shop = new Shop(running.world);
  admin = await shop.as(running.url, 'admin');
  event = shop.event();
  buyer = await shop.buyer(running.url);
  const body = JSON.stringify({ settings: { disputeLossPayer: 'platform' } });
  const { status } = await admin.send('PUT', `/api/v1/events/${event.id}/settings`, body, {});
  expect(status).toBe(200);
});
afterAll(() => running.close());
afterEach(async () => {
  expect(await checkInvariants(running.world)).toEqual([]);
});

const TICKETS = () => 2 * event.priceCents;
const pathOf = (id: string) => `/api/v1/payments/transaction/${id}`;
const statusIs = (id: string, status: string) =>
  eventually(
    async () => (await admin.get(pathOf(id))).body.transaction.status === status,
    `a payment ${status}`,
  );
const books = (id: string) => bookOf(running.world, id, event.venueId);

/** A sale whose whole amount a bank takes back. */
async function disputed(before: (id: string) => Promise<unknown> = () => Promise.resolve()) {
  const bought = await buyer.pay(PROCESS, orderOf(event, { quantity: 2 }));
  const id = String(bought.body.transaction.id);
  await before(id);
  const { bank } = running.world.stripe;
  const { charges, refunds } = running.world.stripe.truth();
  const charge = charges.find(({ metadata }) => metadata.payment_id === id)?.id ?? '';
  const total = Number(bought.body.fees.total);
  const opened = bank.openDispute(charge, { amount: total }) as { id: string };
  await statusIs(id, 'disputed');
  return { id, dispute: opened.id, refund: refunds.find((each) => each.charge === charge)?.id };
}

describe('where the platform bears what disputes take', () => {
  it('the venue keeps its money while a dispute is open, and when it is lost', async () => {
    const { id, dispute } = await disputed();
    expect(await books(id)).toMatchObject({ 'venue:V:pending': -TICKETS() });
    expect(await books(id)).not.toHaveProperty('venue:V:reserved');
    running.world.stripe.bank.decideDispute(dispute, 'lost');
    await statusIs(id, 'refunded');
    expect(await books(id)).toEqual({
      'venue:V:pending': -TICKETS(),
      'platform:dispute-losses': TICKETS(),
      'platform:dispute-fees': 1500,
      'provider:stripe:clearing': -1500,
    });
  });

  it('a dispute that is won leaves the fee alone', async () => {
    const { id, dispute } = await disputed();
    running.world.stripe.bank.decideDispute(dispute, 'won');
    await statusIs(id, 'completed');
    expect(await books(id)).toMatchObject({ 'venue:V:pending': -TICKETS() });
    expect(await books(id)).not.toHaveProperty('platform:dispute-losses');
  });

  it('so is what a refund leaves that fails after the dispute was opened, or lost', async () => {
    for (const lostFirst of [false, true]) {
      const { id, dispute, refund } = await disputed((payment) =>
        admin.post(`${pathOf(payment)}/refund`, { amount: 1_000 }, { 'idempotency-key': newKey() }),
      );
      const { bank } = running.world.stripe;
      if (lostFirst) bank.decideDispute(dispute, 'lost');
      bank.settleRefund(refund ?? '', 'failed', 'lost_or_stolen_card');
      await eventually(
        async () => (await books(id))['venue:V:pending'] === -TICKETS(),
        'the refund to be undone',
      );
      if (!lostFirst) bank.decideDispute(dispute, 'lost');
      await statusIs(id, 'refunded');
      await eventually(
        async () => (await books(id))['platform:dispute-losses'] === TICKETS(),
        'the loss',
      );
    }
  });
});
