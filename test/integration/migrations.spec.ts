import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { migrate, migrateDown, migrationStatus } from '../../src/kernel/postgres/migrate.js';
import { StateMachineCheck } from '../../src/payments/infra/state-machine-check.js';
import { dropDatabase } from '../support/database.js';
import { openDatabase } from './outbox-database.js';

const FOLDER = path.join(process.cwd(), 'migrations');
const names = migrations.map(({ name }) => name);

let server: pg.Client;
let database: string;
let url: string;
let db: pg.Client;

const setting = (name: string): string => process.env[name] ?? '';

beforeAll(async () => {
  // Empty, unlike what the other tests get.
  database = `${setting('TEST_PG_TEMPLATE')}_empty`;
  server = new pg.Client(setting('TEST_PG'));
  await server.connect();
  await server.query(`CREATE DATABASE ${database}`);
  const there = new URL(setting('TEST_PG'));
  there.pathname = `/${database}`;
  url = there.toString();
  db = new pg.Client(url);
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await server.end();
  await dropDatabase(database);
});

/** Everything in the schema that somebody has made, and who may do what with it. */
async function schema(): Promise<string[]> {
  const { rows } = await db.query<{ thing: string }>(`
    SELECT format('%s %s %s', relkind, relname, relacl) AS thing FROM pg_class
      WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('column %s.%s %s %s', attrelid::regclass, attname,
        format_type(atttypid, atttypmod), attnotnull)
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT format('function %s %s', oid::regprocedure, prosrc) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT format('type %s', typname) FROM pg_type
      WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL SELECT format('trigger %s %s', tgrelid::regclass, tgname) FROM pg_trigger
      WHERE NOT tgisinternal
    UNION ALL SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT format('policy %s %s', polrelid::regclass, polname) FROM pg_policy
    UNION ALL SELECT format('may use the schema: %s', grantee::regrole)
      FROM pg_namespace, aclexplode(nspacl)
      WHERE nspname = 'public' AND grantee::regrole::text LIKE 'tickettoken%'
    ORDER BY 1`);
  return rows.map(({ thing }) => thing);
}

const ownTable = (thing: string) => /schema_migrations|\bPK_/.test(thing);

describe('the list of migrations', () => {
  it('has every file of the folder, in the order of their names', () => {
    const files = readdirSync(FOLDER).filter((file) => file !== 'index.ts');
    const classes = files.sort().map((file) => {
      const [, name] =
        /export class (\w+)/.exec(readFileSync(path.join(FOLDER, file), 'utf8')) ?? [];
      return name;
    });
    expect(names).toEqual(classes);
  });

  it('orders them by the time in their names, as TypeORM does', () => {
    const times = names.map((name) => Number(/\d{13}$/.exec(name)?.[0]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
  });
});

describe('an empty database', () => {
  let first: string[];

  it('is told to have none applied', async () => {
    expect(await migrationStatus(url)).toEqual(names.map((name) => ({ name, applied: false })));
    expect(await migrateDown(url)).toBeUndefined();
  });

  it('goes all the way up', async () => {
    expect(await migrate(url)).toEqual(names);
    expect(await migrationStatus(url)).toEqual(names.map((name) => ({ name, applied: true })));
    expect(await migrate(url)).toEqual([]);
    first = await schema();
    expect(first.length).toBeGreaterThan(100);
  });

  it('comes all the way down, one at a time, and leaves nothing', async () => {
    for (const name of [...names].reverse()) expect(await migrateDown(url)).toBe(name);
    const left = (await schema()).filter((thing) => !ownTable(thing));
    expect(left).toEqual([]);
    expect(await migrationStatus(url)).toEqual(names.map((name) => ({ name, applied: false })));
  });

  it('goes up again to the same schema', async () => {
    expect(await migrate(url)).toEqual(names);
    expect(await schema()).toEqual(first);
  });

  it('can take each step back and forth', async () => {
    for (let steps = 1; steps <= 3; steps++) {
      for (let i = 0; i < steps; i++) await migrateDown(url);
      expect(await migrate(url)).toEqual(names.slice(-steps));
      expect(await schema()).toEqual(first);
    }
  });
});

describe('the migrated schema', () => {
  it('puts every table with a tenant under row-level security, and begins its keys with it', async () => {
    const { rows } = await db.query<{ name: string; bound: boolean; keyed: boolean }>(`
      SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS bound,
        NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute k
            ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
          WHERE i.indrelid = c.oid AND i.indisunique AND k.attname <> 'tenant_id') AS keyed
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(({ bound, keyed }) => !bound || !keyed)).toEqual([]);
  });

  it('has no table without a tenant but these', async () => {
    const { rows } = await db.query<{ name: string }>(`
      SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_attribute a
          WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') ORDER BY 1`);
    expect(rows.map(({ name }) => name)).toEqual([
      'chain_free_nonces',
      'chain_signers',
      'coin_prices',
      'event_subscriptions',
      'ledger_checkpoints',
      'ledger_watermark',
      'payment_state_machine',
      'retention_runs',
      'schema_migrations',
    ]);
  });

  it('guards the very transitions that the code knows, and start-up notices any other', async () => {
    const store = await openDatabase();
    const check = new StateMachineCheck(store.database);
    try {
      await expect(check.onApplicationBootstrap()).resolves.toBeUndefined();
      await store.query(`DELETE FROM payment_state_machine WHERE event_type = 'payment.voided'`);
      await expect(check.onApplicationBootstrap()).rejects.toThrow(
        'Missing: AUTHORIZED payment.voided CANCELLED, IN_REVIEW payment.voided CANCELLED',
      );
      await store.query(`INSERT INTO payment_state_machine VALUES ('PAID', 'PENDING', 'x')`);
      await expect(check.onApplicationBootstrap()).rejects.toThrow('Unknown: PAID x PENDING');
    } finally {
      await store.close();
    }
  });
});
