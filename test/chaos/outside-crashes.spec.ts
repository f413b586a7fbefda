import { checkInvariants } from '../support/invariants/index.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, letTimePass, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

let world: TestWorld;
let shop: Shop;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
  shop = new Shop(world);
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await world.close();
});

async function start(settings: Readonly<Record<string, string>>): Promise<AppProcess> {
  const app = await startProcess(world, settings);
  started.push(app);
  return app;
}

const firstRow = async (text: string) => (await query(world, text))[0];

describe('a refund made at the provider by hand', () => {
  it('is booked once, though the process dies as it books it (review.in_finalize)', async () => {
    const dying = await start({ FAILPOINT: 'review.in_finalize:kill' });
    const bought = await (await shop.buyer(dying.url)).pay(PROCESS, orderOf(shop.event()));
    expect(bought.status).toBe(200);
    world.setAppUrl(dying.url);
    await byHand(bought.body.transaction.stripePaymentIntentId);
    expect((await dying.ended).signal).toBe('SIGKILL');
    const app = await start({});
    world.setAppUrl(app.url);
    await query(world, `UPDATE webhook_inbox SET lease_until = now() WHERE status = 'processing'`);
    await eventually(async () => {
      const row = await firstRow('SELECT status FROM payment_transactions');
      return row?.status === 'PARTIALLY_REFUNDED';
    }, 'the booked refund');
    expect(
      await firstRow(
        `SELECT count(*)::int AS refunds, sum(amount)::int AS cents, min(origin) AS origin
         FROM payment_refunds`,
      ),
    ).toEqual({ refunds: 1, cents: 700, origin: 'provider' });
    expect(await checkInvariants(world)).toEqual([]);
  });

  /** As somebody does in the provider's dashboard. */
  async function byHand(intent: unknown): Promise<void> {
    const { baseUrl, secretKey } = world.description.stripe;
    const answer = await fetch(`${baseUrl}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}` },
      body: new URLSearchParams({ payment_intent: String(intent), amount: '700' }),
    });
    expect(answer.status).toBe(200);
  }
});

describe('a cancelled event', () => {
  it('refunds once, though the process dies between two (cancellation.after_refund)', async () => {
    const dying = await start({ FAILPOINT: 'cancellation.after_refund:kill' });
    const event = shop.event();
    for (const buyer of await shop.buyers(dying.url, 3)) {
      expect((await buyer.pay(PROCESS, orderOf(event))).status).toBe(200);
    }
    const admin = await shop.as(dying.url, 'admin');
    await admin.post(`/api/v1/events/${event.id}/cancel`, {}).catch(() => undefined);
    expect((await dying.ended).signal).toBe('SIGKILL');
    await start({ ROLE: 'worker' });
    await letTimePass(world);
    await query(world, 'UPDATE event_cancellation_payments SET next_attempt_at = now()');
    await eventually(async () => {
      const row = await firstRow(
        `SELECT count(*)::int AS refunded FROM event_cancellation_payments
         WHERE status = 'refunded'`,
      );
      return row?.refunded === 3;
    }, 'three refunds');
    expect(world.stripe.truth().refunds).toHaveLength(3);
    expect(await checkInvariants(world)).toEqual([]);
  });
});
