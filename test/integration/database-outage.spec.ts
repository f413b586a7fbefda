import net, { type AddressInfo } from 'node:net';
import pg from 'pg';
import { newId } from '../../src/kernel/ids.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import {
  CommitUnknown,
  DatabaseUnavailable,
  isDatabaseAway,
} from '../../src/kernel/postgres/errors.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const tenant = newId();
const NOTE = sql`INSERT INTO subject_vault (tenant_id, subject_id, field, key_id, ciphertext)
  VALUES (${tenant}, ${newId()}, ${'email'}, ${'k'}, ${Buffer.from('x')})`;
const WHO = sql`SELECT pg_backend_pid() AS pid`;

let fresh: FreshDatabase;
let proxy: TcpProxy;
let pools: pg.Pool[];
let superuser: pg.Pool;
let database: Database;

/** A database whose connections go to `url`; like the application's, its pools bear broken ones. */
function databaseAt(url: string): Database {
  const [application, worker] = [APPLICATION_ROLE, WORKER_ROLE].map((role) => {
    const pool = new pg.Pool(connectionOptions(url, role, 2));
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  });
  if (!application || !worker) throw new Error('two pools were made');
  return new Database(application, worker);
}

beforeEach(async () => {
  fresh = await freshDatabase();
  proxy = await TcpProxy.start(fresh.url);
  superuser = new pg.Pool({ connectionString: fresh.url });
  pools = [superuser];
  database = databaseAt(proxy.url);
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await proxy.close();
  await fresh.drop();
});

const notes = async () =>
  (await superuser.query<{ n: number }>('SELECT count(*)::int AS n FROM subject_vault')).rows[0]?.n;
const failure = (running: Promise<unknown>): Promise<unknown> =>
  running.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Resolves once a transaction has sent its COMMIT. */
const commitSent = () =>
  new Promise<void>((resolve) => {
    let sent = '';
    proxy.onSent = (bytes) => {
      sent += bytes.toString('latin1');
      if (sent.includes('COMMIT')) resolve();
    };
  });

describe('a transaction', () => {
  it('is one round trip: COMMIT is sent before the first answer has come', async () => {
    await database.transact(tenant, [sql`SELECT 1`]);
    const committed = commitSent();
    proxy.hold();
    const running = database.transact(tenant, [NOTE, sql`SELECT 1`, sql`SELECT 2`]);
    await committed;
    proxy.release();
    await expect(running).resolves.toHaveLength(3);
  });

  it('whose answer is lost may have happened: CommitUnknown, and it did', async () => {
    await database.transact(tenant, [sql`SELECT 1`]);
    const committed = commitSent();
    proxy.hold();
    const lost = failure(database.transact(tenant, [NOTE]));
    await committed;
    while ((await notes()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    proxy.cut();
    const error = await lost;
    expect(error).toBeInstanceOf(CommitUnknown);
    expect(isDatabaseAway(error)).toBe(true);
  });

  it('whose connection is cut before it was sent whole did not happen, which nobody can tell', async () => {
    const sleeping = failure(database.transact(tenant, [NOTE, sql`SELECT pg_sleep(${2})`]));
    while (!(await isAsleep())) await new Promise((resolve) => setTimeout(resolve, 5));
    proxy.cut();
    expect(await sleeping).toBeInstanceOf(CommitUnknown);
    expect(await notes()).toBe(0);
  });

  it('whose backend is terminated certainly did not happen, and is done by another one', async () => {
    const running = database.transact(tenant, [NOTE, sql`SELECT pg_sleep(${1})`, WHO]);
    while (!(await isAsleep())) await new Promise((resolve) => setTimeout(resolve, 5));
    const { rows } = await superuser.query<{ pid: number }>(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE wait_event = 'PgSleep' AND datname = current_database()`,
    );
    const [, , who] = await running;
    expect(rows).toHaveLength(1);
    expect(who?.rows[0]?.pid).not.toBe(rows[0]?.pid);
    expect(await notes()).toBe(1);
  });

  it('finds a new connection when the old one broke while it was idle', async () => {
    await database.transact(tenant, [NOTE]);
    proxy.cut();
    while (pools.some((pool) => pool !== superuser && pool.totalCount > 0)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect(database.read(tenant, [sql`SELECT 1`])).resolves.toHaveLength(1);
  });
});

describe('without a server', () => {
  it('nothing ran: DatabaseUnavailable', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const nowhere = databaseAt(`postgres://postgres@127.0.0.1:${port}/nothing`);
    for (const running of [
      nowhere.transact(tenant, [NOTE]),
      nowhere.read(tenant, [sql`SELECT 1`]),
      nowhere.asWorker([sql`SELECT 1`]),
    ]) {
      const error = await failure(running);
      expect(error).toBeInstanceOf(DatabaseUnavailable);
      expect(isDatabaseAway(error)).toBe(true);
    }
  });

  it('nothing ran when the database is not there either', async () => {
    const url = new URL(fresh.url);
    url.pathname = '/no_such_database';
    const error = await failure(databaseAt(url.toString()).read(tenant, [sql`SELECT 1`]));
    expect(error).toBeInstanceOf(DatabaseUnavailable);
  });
});

async function isAsleep(): Promise<boolean> {
  const { rowCount } = await superuser.query(
    `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
  );
  return rowCount !== 0;
}
