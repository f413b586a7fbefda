import { CommandBus } from '@nestjs/cqrs';
import pg from 'pg';
import { newId } from '../../src/kernel/ids.js';
import { CloseRun } from '../../src/reconciliation/commands/close-run.js';
import { ImportLines } from '../../src/reconciliation/commands/import-lines.js';
import { MatchLines } from '../../src/reconciliation/commands/match-lines.js';
import { SettleStale } from '../../src/reconciliation/commands/settle-stale.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client, type Reply } from '../support/client.js';
import { type Report, reportOf } from '../support/reconcile.js';
import { orderOf, PROCESS, Shop } from '../support/shop.js';

jest.setTimeout(60_000);

let running: RunningApp;
let backup: Backup;

/** Every table as it was at an instant, and the way back to it. */
class Backup {
  private readonly columns = new Map<string, string>();

  private constructor(readonly superuser: pg.Client) {}

  static async connect(url: string): Promise<Backup> {
    const superuser = new pg.Client(url);
    await superuser.connect();
    await superuser.query(`SET session_replication_role = 'replica'`);
    return new Backup(superuser);
  }

  async take(): Promise<void> {
    const { rows } = await this.superuser.query<{ name: string; columns: string }>(`
      SELECT relname AS name, string_agg(quote_ident(attname), ', ') AS columns
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
        AND NOT attisdropped AND attgenerated = '' GROUP BY relname`);
    for (const { name, columns } of rows) {
      this.columns.set(name, columns);
      await this.superuser.query(`CREATE TEMP TABLE kept_${name} AS TABLE ${name}`);
    }
  }

  async restore(): Promise<void> {
    for (const [name, columns] of this.columns) {
      await this.superuser.query(`DELETE FROM ${name}`);
      await this.superuser.query(
        `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE
          SELECT ${columns} FROM kept_${name}`,
      );
    }
  }
}

beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  running.world.stripe.clearWebhook();
  running.world.stripe.setLags({ balanceTransactionLagMs: 0 });
  backup = await Backup.connect(running.world.description.databaseUrl);
});
afterAll(async () => {
  await backup.superuser.end();
  await running.close();
});

const idOf = ({ body }: Reply) => String(body.transaction.id);

async function adminOf(tenantId: string): Promise<Client> {
  const token = await running.world.mintToken({ sub: newId(), tenantId, roles: ['admin'] });
  return new Client(running.url, token);
}

/** A whole run of a tenant, step by step. */
async function reconcile(tenantId: string): Promise<Report> {
  const admin = await adminOf(tenantId);
  const id = String((await admin.post('/admin/reconciliation/runs', {})).body.id);
  const bus = running.app.get(CommandBus);
  for (const Step of [ImportLines, MatchLines, SettleStale, CloseRun]) {
    await bus.execute(new Step(tenantId, id));
  }
  return reportOf(admin, id);
}

it('row 48: after an old backup the provider’s account brings back what was lost, and nobody is charged again', async () => {
  const { world, url } = running;
  const { tenantId, platformTenantId } = world.cast;
  const shop = new Shop(world);
  const admin = await shop.as(url, 'admin');
  const buyer = await shop.buyer(url);
  const event = shop.event();
  const buy = () => buyer.pay(PROCESS, orderOf(event));
  const read = async (id: string) =>
    (await admin.get(`/api/v1/payments/transaction/${id}`)).body.transaction;

  const refunded = idOf(await buy());
  world.stripe.setFaults({
    rules: [{ fault: 'reset', match: { method: 'POST', path: '/v1/payment_intents$' }, times: 1 }],
  });
  const begun = idOf(await buy());
  await backup.take();

  expect(await read(begun)).toMatchObject({ status: 'completed' });
  const back = await admin.pay(`/api/v1/payments/transaction/${refunded}/refund`, { amount: 700 });
  expect(back.status).toBe(200);
  const forgotten = idOf(await buy());
  const before = world.stripe.truth();
  await backup.restore();

  const { differences, run } = await reconcile(tenantId);
  expect(differences).toEqual([]);
  expect(run.figures.balances).toMatchObject([{ differenceCents: 0 }]);
  expect(await read(refunded)).toMatchObject({ status: 'partially_refunded', refundedAmount: 700 });
  expect(await read(begun)).toMatchObject({ status: 'completed' });
  // Nothing of ours knows the third: its money is named, for a human, with what the charge is.
  const platform = await reconcile(platformTenantId);
  const charge = before.charges.find(({ metadata }) => metadata.payment_id === forgotten);
  const line = before.balanceTransactions.find(({ source }) => source === charge?.id);
  expect(platform.differences).toMatchObject([
    {
      cause: 'charge_without_payment',
      subjectId: line?.id,
      cents: (line?.amount ?? 0) - (line?.fee ?? 0),
      details: { reference: charge?.paymentIntent },
    },
  ]);
  const after = world.stripe.truth();
  expect(after.charges).toHaveLength(before.charges.length);
  expect(after.refunds).toHaveLength(before.refunds.length);
});
