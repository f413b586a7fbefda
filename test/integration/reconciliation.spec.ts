import { CommandBus } from '@nestjs/cqrs';
import pg from 'pg';
import { newId } from '../../src/kernel/ids.js';
import { registry } from '../../src/kernel/observability/index.js';
import { CloseRun } from '../../src/reconciliation/commands/close-run.js';
import { ImportLines } from '../../src/reconciliation/commands/import-lines.js';
import { MatchLines } from '../../src/reconciliation/commands/match-lines.js';
import { SettleStale } from '../../src/reconciliation/commands/settle-stale.js';
import { ReconciliationGauges } from '../../src/reconciliation/infra/gauges.js';
import { Schedule } from '../../src/reconciliation/infra/schedule.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { type Report, reportOf } from '../support/reconcile.js';
import { orderOf, PROCESS, Shop } from '../support/shop.js';
import { Dice, FOR_THE_RECONCILIATION, SEED } from './random-damages.js';
import { DAMAGES, type Expected, type Target } from './reconciliation-damage.js';

jest.setTimeout(Math.max(180_000, FOR_THE_RECONCILIATION * 750));

const WORLDS = FOR_THE_RECONCILIATION;
const PAYMENTS = 9;

let running: RunningApp;
let admin: Client;
/** Past row-level security, and past the triggers that refuse what must never happen. */
let superuser: pg.Client;
let tenantId: string;

beforeAll(async () => {
  // Without background work: a step is done when the test says so.
  running = await startApp({ ROLE: 'api' });
  running.world.stripe.clearWebhook();
  running.world.stripe.setLags({ balanceTransactionLagMs: 0 });
  tenantId = running.world.cast.tenantId;
  superuser = new pg.Client(running.world.description.databaseUrl);
  await superuser.connect();
  await superuser.query(`SET session_replication_role = 'replica'`);
  const shop = new Shop(running.world);
  admin = await shop.as(running.url, 'admin');
  const buyer = await shop.buyer(running.url);
  const event = shop.event();
  const bought: Reply[] = [];
  for (let i = 0; i < PAYMENTS; i++) {
    bought.push(await buyer.pay(PROCESS, orderOf(event, { quantity: 2 })));
  }
  for (const { body } of bought.slice(0, 3)) {
    const id = String(body.transaction.id);
    await admin.pay(`/api/v1/payments/transaction/${id}/refund`, { amount: 1_000 });
  }
  const { charges } = running.world.stripe.truth();
  for (const { body } of bought.slice(3, 5)) {
    const charge = charges.find(({ metadata }) => metadata.payment_id === body.transaction.id);
    running.world.stripe.bank.openDispute(charge?.id ?? '');
  }
});
afterAll(async () => {
  await superuser.end();
  await running.close();
});

const query = async (text: string, values: readonly unknown[] = []) =>
  (await superuser.query<Record<string, unknown>>(text, [...values])).rows;

/** A run that stands at a step already, as if those before had just been done. */
async function runAt(step: string): Promise<string> {
  const id = newId();
  await query(
    `INSERT INTO reconciliation_runs (tenant_id, id, trigger, step)
      VALUES ($1, $2, 'request', $3)`,
    [tenantId, id, step],
  );
  return id;
}

const execute = (...commands: Parameters<CommandBus['execute']>[0][]) =>
  commands.reduce<Promise<unknown>>(
    (before, command) => before.then(() => running.app.get(CommandBus).execute(command)),
    Promise.resolve(),
  );

async function whole(): Promise<Report> {
  const id = await runAt('requested');
  await execute(
    new ImportLines(tenantId, id),
    new MatchLines(tenantId, id),
    new SettleStale(tenantId, id),
    new CloseRun(tenantId, id),
  );
  return reportOf(admin, id);
}

async function look(): Promise<Report> {
  const id = await runAt('settled');
  await execute(new CloseRun(tenantId, id));
  return reportOf(admin, id);
}

const KEPT = ['ledger_journals', 'ledger_entries', 'provider_balance_transactions', 'tickets'];

const keep = async () => {
  for (const table of KEPT) await query(`CREATE TEMP TABLE kept_${table} AS TABLE ${table}`);
};

const columnsOf = async (table: string) =>
  (
    await query(
      `SELECT string_agg(quote_ident(attname), ', ') AS names FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      [table],
    )
  )[0]?.names as string;

async function repair(): Promise<void> {
  for (const table of KEPT) {
    const names = await columnsOf(table);
    await query(`DELETE FROM ${table}`);
    await query(`INSERT INTO ${table} (${names}) SELECT ${names} FROM kept_${table}`);
  }
  await query(`DELETE FROM ledger_balances WHERE code = 'damage'`);
}

/** Every line with the journal of the same movement; a run has noted them. */
async function targets(): Promise<Target[]> {
  const rows = await query(
    `SELECT l.tenant_id AS "tenantId", l.payment_id AS "paymentId", l.id AS "lineId",
      l.matched_journal_id AS "journalId", l.movement, l.amount_cents::integer AS amount,
      l.fee_cents::integer AS fee
    FROM provider_balance_transactions l
    JOIN payment_transactions p ON (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
    WHERE l.matched_journal_id IS NOT NULL ORDER BY l.created_at, l.id`,
  );
  return rows as unknown as Target[];
}

async function measured(): Promise<string> {
  await running.app.get(ReconciliationGauges).measure();
  return registry.metrics();
}

const summary = (differences: readonly Expected[]) =>
  differences.map(({ cause, movement, cents }) => `${cause} ${movement} ${cents}`).sort();

/** Several roll-ups that are off are one rest. */
function merged(expected: readonly Expected[]): Expected[] {
  const rests = expected.filter(({ cause }) => cause === 'unexplained');
  const named = expected.filter(({ cause }) => cause !== 'unexplained');
  const cents = rests.reduce((sum, each) => sum + each.cents, 0);
  return [...named, ...(cents === 0 ? [] : [{ cause: 'unexplained', movement: 'none', cents }])];
}

describe('a ledger and the provider’s list', () => {
  it('agree, movement by movement, after a run', async () => {
    const { differences, run } = await whole();
    expect(differences).toEqual([]);
    expect(run.figures.balances).toMatchObject([{ differenceCents: 0, explainedCents: 0 }]);
    expect(run.figures).toMatchObject({ costsBooked: PAYMENTS, paymentsReviewed: 2 });
    const movements = new Set((await targets()).map(({ movement }) => movement));
    expect(movements).toEqual(new Set(['charge', 'refund', 'dispute']));
  });

  it(`damaged in ${WORLDS} ways are named, each with class and cents, and the sum holds (seed ${SEED})`, async () => {
    // As if of an hour ago: the provider has had its time.
    await query(`UPDATE ledger_entries SET posted_at = posted_at - interval '1 hour'`);
    await keep();
    const undamaged = await targets();
    const inflicted = new Map<string, number>();
    for (let seed = SEED; seed < SEED + WORLDS; seed++) {
      const dice = new Dice(seed);
      const expected: Expected[] = [];
      const names: string[] = [];
      const paid = [...new Set(undamaged.map(({ paymentId }) => paymentId))];
      for (let damages = 1 + dice.below(3); damages > 0; damages--) {
        const paymentId = dice.draw(paid);
        const on = dice.draw(undamaged.filter((target) => target.paymentId === paymentId));
        const { name, inflict } = dice.draw([...DAMAGES]);
        expected.push(...(await inflict(on, 1 + dice.below(400), query)));
        names.push(name);
        inflicted.set(name, (inflicted.get(name) ?? 0) + 1);
      }
      const { differences, run } = await look();
      const told = [seed, names, summary(differences)];
      expect(told).toEqual([seed, names, summary(merged(expected))]);
      const [balance] = run.figures.balances;
      const sum = differences.reduce((total, { cents }) => total + cents, 0);
      expect([seed, sum]).toEqual([seed, balance?.differenceCents]);
      await repair();
    }
    if (WORLDS >= 100) expect(inflicted.size).toBe(DAMAGES.length);
    expect((await look()).differences).toEqual([]);
  });

  it('a difference that is gone is resolved, and so is its item; come back it is another one', async () => {
    const [on] = await targets();
    if (!on) throw new Error('there are targets');
    const damage = () => DAMAGES[0]?.inflict(on, 77, query);
    await damage();
    const first = (await look()).differences;
    const item = async () =>
      query(`SELECT status FROM open_items WHERE subject_id = $1`, [first[0]?.id]);
    expect(first).toMatchObject([{ cause: 'amount_differs', cents: -77, timesSeen: 1 }]);
    expect((await look()).differences).toMatchObject([{ id: first[0]?.id, timesSeen: 2 }]);
    expect(await item()).toEqual([{ status: 'open' }]);
    expect(await measured()).toContain(
      'reconciliation_open_differences_cents{cause="amount_differs",currency="USD"} -77',
    );
    await repair();
    expect((await look()).differences).toEqual([]);
    expect(await item()).toEqual([{ status: 'resolved' }]);
    expect(await measured()).not.toContain('amount_differs');
    expect(await measured()).toMatch(/^reconciliation_last_run_age_seconds \d/m);
    await damage();
    const again = (await look()).differences;
    expect(again).toMatchObject([{ cause: 'amount_differs', timesSeen: 1 }]);
    expect(again[0]?.id).not.toBe(first[0]?.id);
    await repair();
    await look();
  });
});

describe('steps', () => {
  it('done twice at once are done once', async () => {
    const id = await runAt('requested');
    const twice = (command: ImportLines | MatchLines | SettleStale | CloseRun) =>
      Promise.all([execute(command), execute(command)]);
    await twice(new ImportLines(tenantId, id));
    await twice(new MatchLines(tenantId, id));
    await twice(new SettleStale(tenantId, id));
    await twice(new CloseRun(tenantId, id));
    const rows = await query(`SELECT event_type FROM outbox WHERE aggregate_id = $1 ORDER BY id`, [
      id,
    ]);
    expect(rows.map(({ event_type: type }) => type)).toEqual([
      'reconciliation.imported',
      'reconciliation.matched',
      'reconciliation.settled',
      'reconciliation.completed',
    ]);
  });

  it('of a run that was given up do nothing', async () => {
    const id = await runAt('settled');
    await query(`UPDATE reconciliation_runs SET status = 'failed' WHERE id = $1`, [id]);
    await execute(new CloseRun(tenantId, id));
    expect((await reportOf(admin, id)).run).toMatchObject({ status: 'failed', step: 'settled' });
  });
});

describe('every five minutes', () => {
  const runs = () => query(`SELECT id, status FROM reconciliation_runs WHERE trigger = 'schedule'`);

  it('a run begins for every tenant with money at the provider, and for the platform, once', async () => {
    const schedule = running.app.get(Schedule);
    expect(await schedule.turn()).toBe(2);
    await schedule.turn();
    expect(await runs()).toHaveLength(2);
    await query(`UPDATE reconciliation_runs SET status = 'completed'`);
    await schedule.turn();
    expect(await runs()).toHaveLength(2);
  });

  it('leaves the turn to the process that has taken it', async () => {
    await query('BEGIN');
    await query(`SELECT pg_advisory_xact_lock(hashtextextended('reconciliation', 0))`);
    expect(await running.app.get(Schedule).turn()).toBe(0);
    await query('COMMIT');
  });

  it('a run that nothing has moved for half an hour gives its place to the next', async () => {
    const id = await runAt('imported');
    await query(
      `UPDATE reconciliation_runs SET updated_at = now() - interval '31 minutes' WHERE id = $1`,
      [id],
    );
    const begun = await admin.post('/admin/reconciliation/runs', {});
    expect(begun.body.id).not.toBe(id);
    expect((await reportOf(admin, id)).run).toMatchObject({ status: 'failed' });
  });
});
