import pg from 'pg';
import { ReadinessChecks } from '../../src/kernel/observability/health/readiness-checks.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { DatabaseReadiness } from '../../src/kernel/postgres/readiness.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

let fresh: FreshDatabase;
let superuser: pg.Pool;
let pools: pg.Pool[];

beforeEach(async () => {
  fresh = await freshDatabase();
  superuser = new pg.Pool({ connectionString: fresh.url });
  pools = [superuser];
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await fresh.drop();
});

/** The registered checks of a process that connects with these roles. */
function checksAs(application: string, worker: string) {
  const [a, w] = [application, worker].map((role) => {
    const pool = new pg.Pool(connectionOptions(fresh.url, role, 1));
    pools.push(pool);
    return pool;
  });
  if (!a || !w) throw new Error('two pools were made');
  const checks = new ReadinessChecks();
  new DatabaseReadiness(checks, new Database(a, w)).onModuleInit();
  return checks.all();
}

const check = (name: string, checks = checksAs(APPLICATION_ROLE, WORKER_ROLE)) =>
  checks.find((each) => each.name === name)?.check();

describe('the database is ready', () => {
  it('when it answers, is migrated, and binds both roles; without any of it no traffic comes', async () => {
    const checks = checksAs(APPLICATION_ROLE, WORKER_ROLE);
    expect(checks.map(({ name, critical }) => [name, critical])).toEqual([
      ['database', true],
      ['migrations', true],
      ['row-level-security', true],
    ]);
    expect(await check('database', checks)).toEqual({
      version: expect.stringMatching(/^\d+/) as string,
    });
    expect(await check('row-level-security', checks)).toEqual({
      roles: [APPLICATION_ROLE, WORKER_ROLE],
    });
    const { rows } = await superuser.query('SELECT name FROM schema_migrations');
    expect(await check('migrations', checks)).toEqual({ applied: rows.length });
  });

  it('not while a migration is pending', async () => {
    await superuser.query(`DELETE FROM schema_migrations
      WHERE id IN (SELECT id FROM schema_migrations ORDER BY id DESC LIMIT 2)`);
    await expect(check('migrations')).rejects.toThrow('2 migrations are pending');
  });

  it.each([
    ['postgres', WORKER_ROLE],
    [APPLICATION_ROLE, 'postgres'],
  ])('not with %s for the application and %s for the worker', async (application, worker) => {
    const { rows } = await superuser.query<{ name: string }>('SELECT current_user AS name');
    const superuserFor = (role: string) => (role === 'postgres' ? (rows[0]?.name ?? role) : role);
    const checks = checksAs(superuserFor(application), superuserFor(worker));
    await expect(check('row-level-security', checks)).rejects.toThrow(
      'bypasses row-level security',
    );
  });
});
