import { Client } from '../support/client.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { reportOf } from '../support/reconcile.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

let world: TestWorld;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
  world.stripe.setLags({ balanceTransactionLagMs: 0 });
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await world.close();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
  const app = await startProcess(world, settings);
  started.push(app);
  return app;
}

async function asAdmin({ url }: AppProcess): Promise<Client> {
  return new Shop(world).as(url, 'admin');
}

/** A process that has died holds what it claimed until its leases end. */
async function leasesEnd(): Promise<void> {
  await query(world, 'UPDATE saga_commands SET lease_until = now() WHERE lease_until > now()');
  await query(world, 'UPDATE outbox SET lease_until = now() WHERE lease_until > now()');
}

it.each([
  'reconciliation.after_import',
  'reconciliation.after_costs',
  'reconciliation.after_settled',
  'reconciliation.before_close',
])(
  'killed at %s, a run is completed by the next process, and nothing is done twice',
  async (at) => {
    const dying = await start({ FAILPOINT: `${at}:kill` });
    const shop = new Shop(world);
    const buyer = await shop.buyer(dying.url);
    const bought = await buyer.pay(PROCESS, orderOf(shop.event(), { quantity: 2 }));
    expect(bought.status).toBe(200);
    const begun = await (await asAdmin(dying)).post('/admin/reconciliation/runs', {});
    expect((await dying.ended).signal).toBe('SIGKILL');
    await leasesEnd();
    const admin = await asAdmin(await start());
    const id = String(begun.body.id);
    const report = await eventually(async () => {
      const found = await reportOf(admin, id);
      return found.run.status === 'completed' && found;
    }, `run ${id}`);
    expect(report.differences).toEqual([]);
    expect(report.run.figures.balances).toMatchObject([{ differenceCents: 0, explainedCents: 0 }]);
    const counted = await query(
      world,
      `SELECT (SELECT count(*)::integer FROM ledger_journals WHERE kind = 'processing_cost') AS costs,
      (SELECT count(*)::integer FROM provider_balance_transactions) AS lines,
      (SELECT count(*)::integer FROM outbox WHERE aggregate_id = $1) AS told`,
      [id],
    );
    expect(counted).toEqual([{ costs: 1, lines: 1, told: 5 }]);
  },
);
