import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { ConfigModule, loadConfig } from '../../src/kernel/config/index.js';
import { JobsModule } from '../../src/kernel/jobs/jobs.module.js';
import {
  RETENTION,
  Retention,
  retention,
  RetentionModule,
  type RetentionRule,
} from '../../src/kernel/retention/index.js';
import { type AdminWorld, newAdminApp, startAdminWorld } from './admin-world.js';
import { ENVIRONMENT } from './edge-app.js';
import { ground, until } from './outbox-database.js';

const LOCK = `hashtextextended('retention', 0)`;

let world: AdminWorld;

/** How many rules a whole run goes through. */
let rules: number;

beforeAll(async () => {
  world = await startAdminWorld();
  rules = (await run()).length;
});
afterAll(() => world.close());
beforeEach(() => world.query('TRUNCATE purchase_signals'));

const run = () => world.app.get(Retention).run();

/** What is left of the signals, by their names. */
async function left(): Promise<unknown[]> {
  const rows = await world.query('SELECT user_agent AS name FROM purchase_signals ORDER BY 1');
  return rows.map(({ name }) => name);
}

const SIGNALS: RetentionRule = {
  table: 'purchase_signals',
  key: ['tenant_id', 'payment_id'],
  what: 'delete',
  olderThan: { column: 'expires_at', age: '0 seconds' },
  where: 'true',
};

const signals = (count: number, expires: string, agent: string) =>
  world.query(
    `INSERT INTO purchase_signals (tenant_id, payment_id, user_id, user_agent, created_at, expires_at)
      SELECT $1, gen_random_uuid(), $1, $3, now() - interval '40 days', now() + $2::interval
      FROM generate_series(1, $4)`,
    [world.tenantId, expires, agent, count],
  );

describe('a run', () => {
  it('takes batch after batch, of every tenant, until nothing is left', async () => {
    await signals(2_500, '-1 minute', 'old');
    await signals(1, '1 day', 'young');
    expect(await run()).toContainEqual({ table: 'purchase_signals', what: 'delete', rows: 2_500 });
    expect(await left()).toEqual(['young']);
  });

  it('leaves the work to the process that is at it', async () => {
    await signals(1, '-1 minute', 'old');
    const other = await world.connect();
    try {
      await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${LOCK})`);
      expect(await run()).toEqual([]);
      expect(await left()).toEqual(['old']);
    } finally {
      await other.end();
    }
    expect(await run()).toHaveLength(rules);
    expect(await left()).toEqual([]);
  });

  it('of two processes at once takes every row once', async () => {
    await signals(5_000, '-1 minute', 'old');
    const app = await newAdminApp(world);
    try {
      const runs = await Promise.all([run(), app.get(Retention).run()]);
      const rows = runs.flat().reduce((total, done) => total + done.rows, 0);
      expect(rows).toBe(5_000);
      expect(await left()).toEqual([]);
    } finally {
      await app.close();
    }
  });

  it('passes over rows that somebody holds', async () => {
    await signals(3, '-1 minute', 'old');
    const other = await world.connect();
    try {
      await other.query('BEGIN; SELECT FROM purchase_signals LIMIT 1 FOR UPDATE');
      await run();
      expect(await left()).toEqual(['old']);
    } finally {
      await other.end();
    }
  });

  it('asked for twice is one', async () => {
    const first = run();
    expect(run()).toBe(first);
    await first;
  });

  it('is over when the application has closed, and takes nothing afterwards', async () => {
    await signals(2_500, '-1 minute', 'old');
    const app = await newAdminApp(world);
    let over = false;
    const begun = app
      .get(Retention)
      .run()
      .finally(() => (over = true));
    await app.close();
    expect(over).toBe(true);
    expect(await begun).toHaveLength(rules);
    await world.query('TRUNCATE purchase_signals');
    await signals(1, '-1 minute', 'old');
    await app.get(Retention).run();
    expect(await left()).toEqual(['old']);
  });
});

describe('the rules', () => {
  const RULE: RetentionRule = {
    table: 'nowhere',
    key: ['tenant_id'],
    what: 'delete',
    olderThan: { column: 'at', age: '1 day' },
    where: 'true',
  };

  const appWith = (...rules: RetentionRule[]) =>
    Test.createTestingModule({
      imports: [ground(world), RetentionModule],
      providers: rules.map((rule) => retention(rule)),
    }).compile();

  it('do not wait for one that is sick', async () => {
    await signals(1, '-1 minute', 'old');
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const app = await appWith(RULE, SIGNALS);
    await app.init();
    const done = await app.get(Retention).run();
    expect(done).toContainEqual({ table: 'purchase_signals', what: 'delete', rows: 1 });
    expect(done.map(({ table }) => table)).not.toContain('nowhere');
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('"nowhere" does not exist'));
    logged.mockRestore();
    await app.close();
  });

  it('of one table are told apart', async () => {
    await signals(1, '-1 minute', 'old');
    const app = await appWith({ ...SIGNALS, where: 'false' }, SIGNALS);
    await app.init();
    const rows = (await app.get(Retention).run()).map((done) => done.rows);
    expect(rows).toContain(1);
    expect(await left()).toEqual([]);
    await app.close();
  });

  it('are refused at start-up when two are the same', async () => {
    const app = await appWith(RULE, RULE);
    await expect(app.init()).rejects.toThrow('two rules to delete nowhere where true');
  });
});

describe('the hour', () => {
  /** As if the last run had been so long ago. */
  const lastRun = (ago: string, begun = ago) =>
    world.query(
      `UPDATE retention_runs SET ended_at = now() - $1::interval, begun_at = now() - $2::interval`,
      [ago, begun],
    );
  const runDue = () => world.app.get(Retention).runDue();
  const ended = async () =>
    (
      await world.query(`SELECT ended_at > now() - interval '1 minute' AS lately
      FROM retention_runs`)
    )[0]?.lately;

  beforeEach(() => signals(1, '-1 minute', 'old'));
  afterEach(() => lastRun('0 seconds'));

  it('that came while no process ran is caught up with, once', async () => {
    await lastRun('25 hours');
    expect(await runDue()).toHaveLength(rules);
    expect([await left(), await ended()]).toEqual([[], true]);
    await signals(1, '-1 minute', 'old');
    await world.query(`UPDATE retention_runs SET begun_at = now() - interval '1 hour'`);
    expect([await runDue(), await left()]).toEqual([null, ['old']]);
  });

  it('is 03:17 in UTC', async () => {
    const due = `(SELECT max(day) FROM generate_series(date_trunc('day', now(), 'UTC') - interval '2 days',
      now(), interval '1 day') t(midnight), LATERAL (SELECT midnight + interval '3:17' AS day) d
      WHERE day <= now())`;
    const endedAt = (off: string) =>
      world.query(
        `UPDATE retention_runs SET begun_at = now() - interval '1 day', ended_at = ${due} + $1::interval`,
        [off],
      );
    await endedAt('1 second');
    expect(await runDue()).toBeNull();
    await endedAt('-1 second');
    expect(await runDue()).not.toBeNull();
  });

  it('is one process’s, of several that see it at once', async () => {
    const other = await newAdminApp(world);
    try {
      await lastRun('25 hours');
      const runs = await Promise.all([runDue(), other.get(Retention).runDue()]);
      expect(runs.filter((done) => done !== null)).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('is another process’s once the one at work is lost, not before', async () => {
    await lastRun('25 hours', '14 minutes');
    expect([await runDue(), await left()]).toEqual([null, ['old']]);
    await lastRun('25 hours', '16 minutes');
    expect(await runDue()).not.toBeNull();
  });

  it('is not over with a run that met another one, or was stopped on its way', async () => {
    await lastRun('25 hours');
    const holder = await world.connect();
    try {
      await holder.query(`BEGIN; SELECT pg_advisory_xact_lock(${LOCK})`);
      expect(await runDue()).toEqual([]);
    } finally {
      await holder.end();
    }
    expect(await ended()).toBe(false);
    const stopped = await newAdminApp(world);
    await stopped.close();
    await stopped.get(Retention).run();
    expect(await ended()).toBe(false);
    expect(await left()).toEqual(['old']);
  });

  it('waits for the database', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    await world.query('ALTER TABLE retention_runs RENAME TO away');
    expect(await runDue()).toBeNull();
    await world.query('ALTER TABLE away RENAME TO retention_runs');
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('retention is due still'));
    logged.mockRestore();
  });
});

describe('the clock', () => {
  const appOf = async (role: string) => {
    const config = loadConfig({ ...ENVIRONMENT, ROLE: role });
    const app = await Test.createTestingModule({
      imports: [
        ConfigModule.register(config),
        ground(world),
        JobsModule.register(config),
        RetentionModule,
      ],
      providers: [retention(SIGNALS)],
    }).compile();
    return app.init();
  };

  it.each(['worker', 'all'])('of a process of role %s looks every minute', async (role) => {
    await signals(1, '-1 minute', 'old');
    await world.query(`UPDATE retention_runs SET
      (begun_at, ended_at) = (now() - interval '25 hours', now() - interval '25 hours')`);
    const app = await appOf(role);
    const job = app.get(SchedulerRegistry).getCronJob(RETENTION);
    const [first, second] = job.nextDates(2).map((date) => date.toMillis());
    expect((second ?? 0) - (first ?? 0)).toBe(60_000);
    await job.fireOnTick();
    await until(async () => (await left()).length === 0);
    await app.close();
  });

  it('of a process that only answers requests does not', async () => {
    const app = await appOf('api');
    expect(app.get(SchedulerRegistry).doesExist('cron', RETENTION)).toBe(false);
    await app.close();
  });
});
