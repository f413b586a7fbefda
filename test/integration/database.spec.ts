import pg from 'pg';
import { newId } from '../../src/kernel/ids.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { asDatabaseError, failedWith } from '../../src/kernel/postgres/errors.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

const [here, elsewhere] = [newId(), newId()];

let fresh: FreshDatabase;
let application: pg.Pool;
let worker: pg.Pool;
let superuser: pg.Pool;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  // One connection: whatever a transaction leaves behind, the next one meets.
  application = new pg.Pool(connectionOptions(fresh.url, APPLICATION_ROLE, 1));
  worker = new pg.Pool(connectionOptions(fresh.url, WORKER_ROLE, 1));
  superuser = new pg.Pool({ connectionString: fresh.url });
  database = new Database(application, worker);
  await superuser.query(`
    CREATE TABLE notes (tenant_id uuid NOT NULL, id bigint NOT NULL, day date, body jsonb,
      UNIQUE (tenant_id, id) DEFERRABLE INITIALLY DEFERRED);
    SELECT protect_tenant_table('notes', 'full', 'full');
    CREATE SEQUENCE tries;
    GRANT USAGE ON tries TO tickettoken_app;
    -- Fails with the given code until it has been called so often: a sequence outlives a rollback.
    CREATE FUNCTION fail_until(attempt bigint, sqlstate_ text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('tries') < attempt THEN RAISE EXCEPTION 'not yet' USING ERRCODE = sqlstate_; END IF;
    END $$;
  `);
});
afterAll(async () => {
  await Promise.all([application, worker, superuser].map((pool) => pool.end()));
  await fresh.drop();
});
beforeEach(() => superuser.query('TRUNCATE notes; ALTER SEQUENCE tries RESTART'));

const insert = (id: number, tenant = here) =>
  sql`INSERT INTO notes (tenant_id, id) VALUES (${tenant}, ${id})`;
const COUNT = sql`SELECT count(*)::int AS n FROM notes`;
const rows = async (text: string) => (await superuser.query<Record<string, unknown>>(text)).rows;

describe('a transaction', () => {
  it('answers one result per statement, in order', async () => {
    const results = await database.transact(here, [
      insert(1),
      sql`SELECT id, ${'a'}::text AS letter FROM notes`,
      sql`UPDATE notes SET id = 2`,
    ]);
    expect(results.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ['INSERT', 1],
      ['SELECT', 1],
      ['UPDATE', 1],
    ]);
    expect(results[1]?.rows).toEqual([{ id: 1n, letter: 'a' }]);
  });

  it('reads 64-bit integers as bigint, days as text, JSON as it was written', async () => {
    const [, read] = await database.transact(here, [
      sql`INSERT INTO notes VALUES (${here}, ${2n ** 62n}, ${'2025-02-28'}, ${{ a: [1, 'ü'] }})`,
      sql`SELECT id, day, body FROM notes`,
    ]);
    expect(read?.rows).toEqual([{ id: 2n ** 62n, day: '2025-02-28', body: { a: [1, 'ü'] } }]);
  });

  it('happens as a whole or not at all', async () => {
    const refused = database.transact(here, [insert(1), sql`SELECT guard(false, 'price')`]);
    await expect(refused).rejects.toMatchObject({ code: 'TT003', detail: 'price' });
    expect(await rows('SELECT * FROM notes')).toEqual([]);
  });

  it('throws the refusal itself, not what PostgreSQL skipped because of it', async () => {
    const error: unknown = await database
      .transact(here, [insert(1), sql`SELECT 1 / ${0}::int`, insert(2), COUNT])
      .catch((e: unknown) => e);
    expect(asDatabaseError(error)).toMatchObject({ code: '22012' });
  });

  it('throws what only COMMIT finds out', async () => {
    const error: unknown = await database
      .transact(here, [insert(1), insert(1)])
      .catch((e: unknown) => e);
    expect(failedWith(error, '23505', 'notes_tenant_id_id_key')).toBe(true);
    expect(await rows('SELECT * FROM notes')).toEqual([]);
  });

  it('leaves its connection usable when a statement is refused', async () => {
    const backend = async () =>
      (await database.read(here, [sql`SELECT pg_backend_pid() AS pid`]))[0]?.rows[0]?.pid as number;
    const before = await backend();
    await expect(database.transact(here, [sql`SELECT nonsense`])).rejects.toThrow('nonsense');
    await expect(database.transact(here, [sql`SELECT 1 / ${0}::int`])).rejects.toThrow('zero');
    expect(await backend()).toBe(before);
    await expect(database.transact(here, [insert(1)])).resolves.toHaveLength(1);
  });
});

describe('the tenant of a transaction', () => {
  const tenants = sql`SELECT current_tenant() AS tenant, current_user AS role`;

  it('is bound to it and gone after it, whether it succeeded or failed', async () => {
    const [bound] = await database.transact(here, [tenants]);
    expect(bound?.rows).toEqual([{ tenant: here, role: APPLICATION_ROLE }]);
    const left = async () => (await application.query(tenants.text)).rows as unknown[];
    expect(await left()).toEqual([{ tenant: null, role: APPLICATION_ROLE }]);
    await database.transact(here, [sql`SELECT 1 / ${0}::int`]).catch(() => undefined);
    expect(await left()).toEqual([{ tenant: null, role: APPLICATION_ROLE }]);
    const [next] = await database.read(elsewhere, [tenants]);
    expect(next?.rows[0]?.tenant).toBe(elsewhere);
  });

  it('hides every other tenant’s rows, from reading and from changing', async () => {
    await database.transact(here, [insert(1)]);
    const [counted, updated, deleted] = await database.transact(elsewhere, [
      COUNT,
      sql`UPDATE notes SET id = 9`,
      sql`DELETE FROM notes`,
    ]);
    expect(counted?.rows).toEqual([{ n: 0 }]);
    expect([updated?.rowCount, deleted?.rowCount]).toEqual([0, 0]);
    await expect(database.transact(elsewhere, [insert(2, here)])).rejects.toMatchObject({
      code: '42501',
    });
    expect(await rows('SELECT id FROM notes')).toEqual([{ id: '1' }]);
  });

  it('is nobody’s outside a transaction: nothing is seen', async () => {
    await database.transact(here, [insert(1)]);
    expect((await application.query(COUNT.text)).rows).toEqual([{ n: 0 }]);
  });

  it('does not bind the worker, which sees all and has a role of its own', async () => {
    await database.transact(here, [insert(1)]);
    await database.transact(elsewhere, [insert(1, elsewhere)]);
    const [all, role] = await database.asWorker([COUNT, tenants]);
    expect(all?.rows).toEqual([{ n: 2 }]);
    expect(role?.rows).toEqual([{ tenant: null, role: WORKER_ROLE }]);
  });

  it('is a parameter: a hostile one is a wrong value, not a statement', async () => {
    await expect(database.read(`'; DROP TABLE notes; --`, [COUNT])).rejects.toMatchObject({
      code: '22P02',
    });
    expect(await rows('SELECT * FROM notes')).toEqual([]);
  });
});

describe('a reading', () => {
  it('cannot write', async () => {
    await expect(database.read(here, [insert(1)])).rejects.toMatchObject({ code: '25006' });
  });

  it('is one snapshot: what commits between its statements does not show', async () => {
    const reading = database.read(here, [COUNT, sql`SELECT pg_sleep(${0.3})`, COUNT]);
    await superuser.query(`SELECT pg_sleep(0.1)`);
    await superuser.query(`INSERT INTO notes VALUES ($1, 1)`, [here]);
    const [before, , after] = await reading;
    expect(after?.rows).toEqual(before?.rows);
    expect((await database.read(here, [COUNT]))[0]?.rows).toEqual([{ n: 1 }]);
  });
});

describe('a transaction that was in another’s way', () => {
  const attempts = async () => Number((await rows('SELECT last_value FROM tries'))[0]?.last_value);

  it.each(['40001', '40P01', '55P03'])('is tried again after %s, from its start', async (code) => {
    const [, inserted] = await database.transact(here, [
      sql`SELECT fail_until(${3}, ${code})`,
      insert(1),
    ]);
    expect(inserted?.rowCount).toBe(1);
    expect(await attempts()).toBe(3);
    expect(await rows('SELECT id FROM notes')).toEqual([{ id: '1' }]);
  });

  it('gives up after five attempts', async () => {
    const hopeless = database.transact(here, [sql`SELECT fail_until(${100}, ${'40P01'})`]);
    await expect(hopeless).rejects.toMatchObject({ code: '40P01' });
    expect(await attempts()).toBe(5);
  });

  it('is not tried again when it was refused for good', async () => {
    const refused = database.transact(here, [sql`SELECT fail_until(${3}, ${'TT002'})`]);
    await expect(refused).rejects.toMatchObject({ code: 'TT002' });
    expect(await attempts()).toBe(1);
  });

  it('of two in a deadlock both succeed', async () => {
    const pool = new pg.Pool(connectionOptions(fresh.url, APPLICATION_ROLE, 2));
    const two = new Database(pool, worker);
    await two.transact(here, [insert(1), insert(2)]);
    const touch = (id: number) =>
      sql`UPDATE notes SET body = to_jsonb(coalesce(body::int, 0) + 1) WHERE id = ${id}`;
    const pause = sql`SELECT pg_sleep(${0.3})`;
    await Promise.all([
      two.transact(here, [touch(1), pause, touch(2)]),
      two.transact(here, [touch(2), pause, touch(1)]),
    ]);
    await pool.end();
    expect(await rows('SELECT body FROM notes')).toEqual([{ body: 2 }, { body: 2 }]);
  });
});
