import { CARDS } from '../../src/sandbox/cards.js';
import { CancellationWorker } from '../../src/payments/infra/cancellation-worker.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

let running: RunningApp;
let shop: Shop;
let event: OneTypeEvent;
let admin: Client;
let worker: CancellationWorker;

beforeAll(async () => {
  // No background work: every pass is the test's own.
  running = await startApp({ ROLE: 'api' });
  shop = new Shop(running.world);
  running.world.stripe.clearWebhook();
  admin = await shop.as(running.url, 'admin');
  worker = running.app.get(CancellationWorker);
});
afterAll(() => running.close());
beforeEach(() => {
  event = shop.event();
});
afterEach(async () => {
  running.world.stripe.bank.limitFunds(null);
  expect(await checkInvariants(running.world)).toEqual([]);
});

const path = () => `/api/v1/events/${event.id}/cancel`;
const cancel = (body = {}, by = admin) => by.post(path(), body);
const progress = async () => (await admin.get(path())).body;
const statuses = async (): Promise<unknown[]> =>
  (
    await query(
      running.world,
      'SELECT status FROM payment_transactions WHERE event_id = $1 ORDER BY id',
      [event.id],
    )
  ).map(({ status }) => status);

async function buy(card: string = CARDS.ok, rest = {}) {
  const reply = await (
    await shop.buyer(running.url)
  ).pay(PROCESS, orderOf(event, { quantity: 2, card, rest }));
  return {
    status: reply.status,
    id: String((reply.body as Partial<typeof reply.body>).transaction?.id),
    body: reply.body,
  };
}

/** As if time had passed: everything of the job is due, and late beginners have begun. */
async function due(): Promise<void> {
  const { world } = running;
  await query(
    world,
    'UPDATE event_cancellation_payments SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL',
  );
  await query(
    world,
    `UPDATE event_cancellations SET next_pass_at = now(), created_at = now() - interval '1 hour'
     WHERE status = 'running'`,
  );
}

async function finish(): Promise<void> {
  for (let pass = 0; pass < 6; pass++) {
    await due();
    await worker.pass();
  }
}

describe('a cancelled event', () => {
  it('gives every buyer everything back, calls off what is open, sells nothing more', async () => {
    await buy();
    await buy();
    await buy(CARDS.ok, { captureMethod: 'manual' });
    await buy(CARDS.threeDSecure);
    await buy(CARDS.declined);
    const asked = await cancel({ reason: 'The venue is flooded', refundFees: true });
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ status: 'running', counts: { queued: 4 } });
    await finish();
    expect(await statuses()).toEqual([
      'REFUNDED',
      'REFUNDED',
      'CANCELLED',
      'CANCELLED',
      'PAYMENT_FAILED',
    ]);
    expect(await progress()).toMatchObject({
      status: 'completed',
      counts: { refunded: 2, nothing_due: 2, queued: 0, failed: 0 },
      refundedCents: 2 * 11_895,
      failures: [],
    });
    const [gone] = await query(
      running.world,
      `SELECT sum(taken)::int AS taken FROM capacity_shards WHERE event_id = $1`,
      [event.id],
    );
    expect(gone?.taken).toBe(0);
    const late = await buy();
    expect([late.status, late.body.code]).toEqual([409, 'EVENT_CANCELLED']);
  });

  it('keeps the fees that the policy keeps, unless told otherwise', async () => {
    await buy();
    await cancel();
    await finish();
    expect(await progress()).toMatchObject({ status: 'completed', refundedCents: 10_975 });
  });

  it('asked for twice is one job', async () => {
    await buy();
    await cancel();
    await finish();
    expect((await cancel()).body).toMatchObject({ status: 'completed', counts: { refunded: 1 } });
    const { body } = await admin.get(`/admin/audit?action=event.cancelled&objectId=${event.id}`);
    expect(body.entries).toHaveLength(1);
    await finish();
    expect(
      running.world.stripe.truth().refunds.filter(({ metadata }) => metadata.payment_id),
    ).toHaveLength(await refundsOfAll());
  });

  it('waits for a provider that answers 500, and pays once', async () => {
    const { id } = await buy();
    await cancel();
    running.world.stripe.setFaults({
      seed: 1,
      rules: [{ match: { path: '/refunds$' }, fault: 'failBefore' }],
    });
    await due();
    await worker.pass();
    expect(await progress()).toMatchObject({ status: 'running', counts: { queued: 1 } });
    running.world.stripe.setFaults({ seed: 1, rules: [] });
    await finish();
    expect(await progress()).toMatchObject({ status: 'completed', counts: { refunded: 1 } });
    expect(
      running.world.stripe.truth().refunds.filter(({ metadata }) => metadata.payment_id === id),
    ).toHaveLength(1);
  });

  it.each(['pending', 'refused'] as const)(
    'waits for money where the provider’s account is short and leaves refunds %s, and pays once',
    async (beyond) => {
      const { bank } = running.world.stripe;
      const paid = [await buy(), await buy(), await buy()].map(({ id }) => id);
      expect((await cancel({ refundFees: true })).status).toBe(202);
      bank.limitFunds({ cents: 12_000, beyond });
      await finish();
      expect(await progress()).toMatchObject({
        status: 'waiting_for_funds',
        counts: { queued: 0, refunded: 1, waiting_for_funds: 2, failed: 0 },
        refundedCents: 11_895,
        completedAt: null,
      });
      expect((await statuses()).sort()).toEqual(
        beyond === 'pending'
          ? ['REFUNDED', 'REFUNDING', 'REFUNDING']
          : ['PAID', 'PAID', 'REFUNDED'],
      );

      bank.limitFunds(null);
      await finish();
      expect(await progress()).toMatchObject({
        status: 'completed',
        counts: { refunded: 3, waiting_for_funds: 0, failed: 0 },
        refundedCents: 3 * 11_895,
      });
      expect(await statuses()).toEqual(['REFUNDED', 'REFUNDED', 'REFUNDED']);
      const { refunds } = running.world.stripe.truth();
      for (const id of paid) {
        expect(refunds.filter(({ metadata }) => metadata.payment_id === id)).toMatchObject([
          { amount: 11_895, status: 'succeeded' },
        ]);
      }
    },
  );

  it('says of a refund that failed while it waited for money why it did', async () => {
    const { bank } = running.world.stripe;
    const { id } = await buy();
    await cancel();
    bank.limitFunds({ cents: 0, beyond: 'pending' });
    await finish();
    expect(await progress()).toMatchObject({ status: 'waiting_for_funds' });
    const refund = running.world.stripe
      .truth()
      .refunds.find(({ metadata }) => metadata.payment_id === id);
    bank.settleRefund(refund?.id ?? '', 'failed', 'lost_or_stolen_card');
    await finish();
    expect(await progress()).toMatchObject({
      status: 'completed',
      counts: { failed: 1, refunded: 0 },
      failures: [{ paymentId: id, reason: 'lost_or_stolen_card' }],
    });
  });

  it('is the venue’s to cancel', async () => {
    const stranger = await shop.buyer(running.url);
    expect((await cancel({}, stranger)).status).toBe(403);
    expect((await stranger.get(path())).status).toBe(403);
    expect((await admin.get(path())).status).toBe(404);
  });
});

async function refundsOfAll(): Promise<number> {
  return Number((await query(running.world, 'SELECT count(*) FROM payment_refunds'))[0]?.count);
}
