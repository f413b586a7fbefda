import { createApplication } from '../../src/application.js';
import { loadConfig } from '../../src/kernel/config/index.js';
import { type RunningApp, startApp } from '../support/app.js';
import { checkInvariants } from '../support/invariants/index.js';
import { type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(120_000);

/** Captured gross of the month at which Starter ends and Pro begins, in cents. */
const BORDER = 1_000_000;
const LATENCY_MS = 1_000;
/** Timers may fire a little early, and instants are compared in whole milliseconds. */
const SLACK_MS = 20;

let running: RunningApp;
let second: Awaited<ReturnType<typeof createApplication>>;

/** Two processes' worth of application on one database: each remembers volumes of its own. */
beforeAll(async () => {
  running = await startApp();
  const { env } = running.world;
  second = await createApplication(loadConfig({ ...env, LOG_LEVEL: 'silent', METRICS_PORT: '0' }));
  await second.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await second.close();
  await running.close();
});

interface Sold {
  readonly id: string;
  readonly cents: number;
  readonly tier: string;
  /** When the buyer had the answer: the capture had certainly committed. */
  readonly answeredAt: number;
}

interface Instants {
  readonly id: string;
  /** When the sale's first transaction began. */
  readonly begun: number;
  /** When its capture was being written. */
  readonly captured: number;
}

/** Sales of `event`, all at once, every other one through the other process. */
async function sell(shop: Shop, event: OneTypeEvent, count: number): Promise<Sold[]> {
  const urls = [running.url, await second.getUrl()];
  return Promise.all(
    Array.from({ length: count }, async (_, index): Promise<Sold> => {
      const buyer = await shop.buyer(urls[index % 2] ?? '');
      const { status, body } = await buyer.pay(PROCESS, orderOf(event));
      expect(status).toBe(200);
      return {
        id: String(body.transaction.id),
        cents: Number(body.transaction.amount),
        tier: String(body.fees.tier),
        answeredAt: Date.now(),
      };
    }),
  );
}

async function instantsOf(venueId: string): Promise<Map<string, Instants>> {
  const rows = await query(
    running.world,
    `SELECT i.payment_id AS id, extract(epoch FROM i.created_at)::float8 * 1000 AS begun,
      extract(epoch FROM j.posted_at)::float8 * 1000 AS captured
    FROM payment_intents i JOIN ledger_journals j
      ON (j.tenant_id, j.reference_id) = (i.tenant_id, i.payment_id)
    WHERE i.venue_id = $1`,
    [venueId],
  );
  return new Map(rows.map((row) => [String(row.id), row as unknown as Instants]));
}

const tierAt = (gross: number) => (gross < BORDER ? 'starter' : 'pro');

/**
 * A sale's tier follows from what the ledger had captured before its first transaction. What had
 * certainly been captured by then bounds the tier from below; what may have been, from above: the
 * provider took `LATENCY_MS` between a sale's first transaction and its own capture.
 */
function boundsOf(sale: Sold, sales: readonly Sold[], at: Map<string, Instants>) {
  const own = at.get(sale.id);
  if (!own) throw new Error(`${sale.id} was not captured`);
  const latestStart = own.captured - LATENCY_MS + SLACK_MS;
  const others = sales.filter(({ id }) => id !== sale.id);
  const sum = (list: readonly Sold[]) => list.reduce((total, { cents }) => total + cents, 0);
  const before = others.filter(({ answeredAt }) => answeredAt + SLACK_MS < own.begun);
  const perhaps = others.filter(({ id }) => (at.get(id)?.captured ?? 0) < latestStart);
  return { lowest: tierAt(sum(before)), highest: tierAt(sum(perhaps)) };
}

it('every sale at the border pays the tier of what was captured before it began', async () => {
  const shop = new Shop(running.world);
  const big = shop.event({ priceCents: 198_000 });
  const { venueId } = big;
  const small = shop.event({ priceCents: 2_500, venueId });
  running.world.stripe.setLatency(LATENCY_MS);
  // 5 × $1,980 = $9,900; then rounds of eight at $25, the first of which crosses $10,000.
  const sales = await sell(shop, big, 5);
  for (let round = 0; round < 3; round++) sales.push(...(await sell(shop, small, 8)));

  const at = await instantsOf(venueId);
  const judged = sales.map((sale) => ({ sale, ...boundsOf(sale, sales, at) }));
  for (const { sale, lowest, highest } of judged) expect([lowest, highest]).toContain(sale.tier);
  const certain = judged.filter(({ lowest, highest }) => lowest === highest);
  expect(certain.filter(({ sale }) => sale.tier === 'starter').length).toBeGreaterThan(5);
  expect(certain.filter(({ sale }) => sale.tier === 'pro').length).toBeGreaterThan(5);
  running.world.stripe.setLatency(0);
  expect(await checkInvariants(running.world)).toEqual([]);
});

it('a quote of the new tier is honoured by a process that remembers the old one', async () => {
  const shop = new Shop(running.world);
  const event = shop.event({ priceCents: 250_000, capacity: 100 });
  const [here, there] = [running.url, await second.getUrl()];
  const remembering = await shop.buyer(there);
  expect((await remembering.pay(PROCESS, orderOf(event))).body.fees.tier).toBe('starter');
  const elsewhere = await shop.buyer(here);
  await elsewhere.pay(PROCESS, orderOf(event, { quantity: 4 }));
  const { tickets, venueId, eventId } = orderOf(event);
  const quoted = await remembering.post('/api/v1/payments/calculate-fees', {
    venueId,
    eventId,
    amount: 250_000,
    ticketCount: 1,
    tickets,
  });
  expect(quoted.body).toMatchObject({ fees: { tier: 'pro' } });
  const { quote } = quoted.body;
  const bought = await remembering.pay(PROCESS, orderOf(event, { rest: { quote } }));
  expect([bought.status, bought.body.fees.tier]).toEqual([200, 'pro']);
});
