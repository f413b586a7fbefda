import pg from 'pg';
import { newId } from '../../src/kernel/ids.js';
import { APPLICATION_ROLE, connectionOptions } from '../../src/kernel/postgres/connections.js';
import { type RunningApp, startApp } from '../support/app.js';
import { SampleRequests } from '../support/sample-requests.js';

/** Their rows are history: not even the server's superuser changes one. */
const HISTORY = ['ledger_entries', 'ledger_journals', 'payment_event_sequence', 'tax_collections'];

let running: RunningApp;
let superuser: pg.Client;
let application: pg.Client;

beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  const url = running.world.description.databaseUrl;
  superuser = new pg.Client(url);
  application = new pg.Client(connectionOptions(url, APPLICATION_ROLE, 1));
  await Promise.all([superuser.connect(), application.connect()]);
  await SampleRequests.prepare(running);
});

afterAll(async () => {
  await Promise.all([superuser.end(), application.end()]);
  await running.close();
});

/** Runs statements as the application does, bound to a tenant; nothing of it stays. */
async function asTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  await application.query('BEGIN');
  try {
    await application.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
    return await work();
  } finally {
    await application.query('ROLLBACK');
  }
}

describe('history', () => {
  it.each(HISTORY)('%s cannot be changed or emptied, not even by the superuser', async (table) => {
    const { rows } = await superuser.query(`SELECT 1 FROM ${table} LIMIT 1`);
    expect(rows).toHaveLength(1);
    const refused = { code: 'TT004' };
    await expect(superuser.query(`DELETE FROM ${table}`)).rejects.toMatchObject(refused);
    await expect(
      superuser.query(`UPDATE ${table} SET tenant_id = tenant_id`),
    ).rejects.toMatchObject(refused);
    await expect(superuser.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject(refused);
  });
});

describe('a journal', () => {
  const post = (
    tenantId: string,
    amounts: readonly number[],
    currencies: readonly string[] = [],
  ) => {
    const id = newId();
    return asTenant(tenantId, async () => {
      await application.query(
        `INSERT INTO ledger_journals (tenant_id, id, kind, reference_id)
          VALUES ($1, $2, 'test', $2)`,
        [tenantId, id],
      );
      if (amounts.length > 0) {
        await application.query(
          `INSERT INTO ledger_entries
              (tenant_id, journal_id, line, account, code, currency, amount_cents, business_date)
            SELECT $1, $2, n, 'platform:fees', 'test', currency, amount, '2031-01-01'
            FROM unnest($3::bigint[], $4::text[]) WITH ORDINALITY AS e(amount, currency, n)`,
          [tenantId, id, amounts, amounts.map((_, i) => currencies[i] ?? 'USD')],
        );
      }
      await application.query('SET CONSTRAINTS ALL IMMEDIATE');
      return 'posted';
    });
  };

  it('is taken when it sums to zero', async () => {
    await expect(post(running.world.cast.tenantId, [700, -300, -400])).resolves.toBe('posted');
  });

  it.each<[string, number[], string[]]>([
    ['a cent too much', [700, -300, -399], []],
    ['one entry', [700], []],
    ['zero only across currencies', [700, -700], ['USD', 'EUR']],
    ['no entry', [], []],
  ])('is refused with %s', async (_, amounts, currencies) => {
    const { tenantId } = running.world.cast;
    await expect(post(tenantId, amounts, currencies)).rejects.toMatchObject({ code: 'TT005' });
  });
});
