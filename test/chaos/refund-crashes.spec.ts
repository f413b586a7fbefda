import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { leaks } from '../support/leaks.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, letTimePass, newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

/** What the provider has paid back and how the refund stands when the process dies there. */
const CRASHES = [
  ['as it is asked for', 'refund.in_intent', 0],
  ['after the intent, before the provider', 'refund.after_intent', 0],
  ['after the provider, before our commit', 'refund.after_provider', 1],
  ['as the outcome is recorded', 'refund.in_finalize', 1],
  ['after our commit, before the answer', 'refund.after_commit', 1],
] as const;

let world: TestWorld;
let paymentId: string;
let key: string;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
  key = newKey();
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

const adminAt = (url: string): Promise<Client> => new Shop(world).as(url, 'admin');

async function refundAt(app: AppProcess): Promise<Reply> {
  const path = `/api/v1/payments/transaction/${paymentId}/refund`;
  return (await adminAt(app.url)).pay(path, { amount: 1_000 }, key);
}

async function crashAt(failpoint: string): Promise<void> {
  const app = await start({ FAILPOINT: `${failpoint}:kill` });
  const shop = new Shop(world);
  const bought = await (
    await shop.buyer(app.url)
  ).pay(PROCESS, orderOf(shop.event(), { quantity: 2 }));
  paymentId = String(bought.body.transaction.id);
  await expect(refundAt(app)).rejects.toThrow();
  expect((await app.ended).signal).toBe('SIGKILL');
  expect(leaks(app.logs(), world)).toEqual([]);
}

const paidBack = () => world.stripe.truth().refunds.length;

async function storedAnswer(): Promise<unknown> {
  const [row] = await query(
    world,
    `SELECT status_code, response FROM payment_idempotency WHERE operation = 'refund'`,
  );
  return row?.status_code === 200 ? row.response : null;
}

/** One refund here and there, its postings once, and nobody can tell the crash. */
async function expectOneRefund(app: AppProcess): Promise<void> {
  for (const reply of [await refundAt(app), await refundAt(app)]) {
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(await storedAnswer());
  }
  expect(world.stripe.truth().refunds).toMatchObject([{ amount: 1_000, status: 'succeeded' }]);
  const rows = await query(
    world,
    `SELECT p.status, p.refunded_cents::int AS refunded, p.refund_pending_cents::int AS pending,
      (SELECT count(*) FROM payment_refunds)::int AS refunds,
      (SELECT count(*) FROM ledger_journals WHERE kind LIKE 'refund%')::int AS journals,
      (SELECT count(*) FROM outbox WHERE event_type = 'refund.completed')::int AS told
     FROM payment_transactions p`,
  );
  expect(rows).toEqual([
    {
      status: 'PARTIALLY_REFUNDED',
      refunded: 1_000,
      pending: 0,
      refunds: 1,
      journals: 2,
      told: 1,
    },
  ]);
  expect(await checkInvariants(world)).toEqual([]);
  expect(leaks(app.logs(), world)).toEqual([]);
}

describe.each(CRASHES)('row 5: a refund that dies %s (%s)', (_, failpoint, paidThen) => {
  beforeEach(async () => {
    await crashAt(failpoint);
    expect(paidBack()).toBe(paidThen);
  });

  it('is taken up by the same key', async () => {
    const app = await start({ ROLE: 'api' });
    await letTimePass(world);
    expect((await refundAt(app)).status).toBe(200);
    await expectOneRefund(app);
  });

  it('is taken up by the janitor', async () => {
    const app = await start({ ROLE: 'worker' });
    await letTimePass(world);
    const begun = await query(world, 'SELECT 1 FROM payment_refunds');
    // Nothing was committed: there is nothing to take up.
    if (begun.length > 0) await eventually(storedAnswer, 'the stored answer');
    await expectOneRefund(app);
  });
});
