import { Periodic, PeriodicTasks } from '../../src/kernel/jobs/index.js';
import { BullQueues } from '../../src/kernel/jobs/bull/bull-pool.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { eventually } from '../support/shop.js';
import { Rows, someRow } from './bull-world.js';

describeWithRedis('workers that share their work through Redis', () => {
  let redis: TestRedis;
  let api: RunningApp;
  let worker: RunningApp;
  /** The same source, in the process that answers requests and in the one that works. */
  let given: Rows;
  let done: Rows;

  beforeAll(async () => {
    redis = await startRedis();
    const settings = { REDIS_URL: redis.url, QUEUE_CONCURRENCY: '3' };
    api = await startApp({ ...settings, ROLE: 'api' });
    worker = await startApp({ ...settings, ROLE: 'worker' });
    given = new Rows(api.app);
    done = new Rows(worker.app);
    await canGive();
    await eventually(() => done.taken.length > 0, 'the workers');
  });

  beforeEach(() => {
    done.taken.length = 0;
    done.work = () => Promise.resolve();
  });

  afterAll(async () => {
    await Promise.all([api.close(), worker.close()]);
    await redis.close();
  });

  const canGive = () => eventually(() => given.give(someRow()), 'Redis');
  const health = async () => (await new Client(worker.url).get('/health/ready')).body;

  it('a row given in one process is worked on in another, once', async () => {
    const rows = [someRow(), someRow(2), someRow()];
    expect(await given.give(...rows)).toBe(true);
    await eventually(() => done.taken.length === 3, 'the rows');
    expect(done.taken).toEqual(expect.arrayContaining(rows));
    expect(given.taken).toEqual([]);
  });

  it('works on as many rows of a queue at once as it is told to', async () => {
    let end: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    done.work = () => held;
    await given.give(...Array.from({ length: 5 }, () => someRow()));
    await eventually(() => done.taken.length === 3, 'three rows');
    expect(await api.app.get(BullQueues).named('notifications').getActiveCount()).toBe(3);
    expect(done.taken).toHaveLength(3);
    end();
    await eventually(() => done.taken.length === 5, 'the others');
  });

  it('a row given again while it waits is one entry, its next try is another', async () => {
    let end: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    done.work = () => held;
    await given.give(someRow(), someRow(), someRow());
    await eventually(() => done.taken.length === 3, 'busy workers');
    const row = someRow();
    for (const attempts of [0, 0, 0, 1]) await given.give({ ...row, attempts });
    expect(await api.app.get(BullQueues).named('notifications').getWaitingCount()).toBe(2);
    end();
    await eventually(() => done.taken.length === 5, 'both tries');
  });

  it('keeps nothing of what is done or has thrown, and all of it under one hash tag', async () => {
    done.work = () => Promise.reject(new Error('no luck'));
    await given.give(someRow(), someRow());
    await eventually(() => done.taken.length === 2, 'the rows');
    const left = async () => (await redis.client.keys('*')).filter((key) => key.includes('rows'));
    await eventually(async () => (await left()).length === 0, 'the entries to be gone');
    const keys = await redis.client.keys('*');
    expect(keys.filter((key) => !key.startsWith('{tickettoken}:'))).toEqual([]);
  });

  it('a nudge in a process that does no work wakes one that does', async () => {
    let passes = 0;
    const task = new Periodic('a task of the test', 3_600_000, () => Promise.resolve(passes++));
    worker.app.get(PeriodicTasks).add(task);
    api.app.get(PeriodicTasks).nudge(task.name);
    await eventually(() => passes > 0, 'the pass');
  });

  it('Redis emptied under its feet: goes on with what is given next', async () => {
    let end: () => void = () => undefined;
    done.work = () => new Promise<void>((resolve) => (end = resolve));
    await given.give(someRow());
    await eventually(() => done.taken.length === 1, 'the row');
    await redis.client.flushall();
    end();
    done.work = () => Promise.resolve();
    await given.give(someRow());
    await eventually(() => done.taken.length === 2, 'the next row');
  });

  it('Redis gone: rows are not taken, and the process is degraded, not down', async () => {
    expect(await health()).toMatchObject({ status: 'ok', details: { redis: { status: 'up' } } });
    await redis.stop();
    await eventually(async () => (await health()).status === 'degraded', 'the report');
    expect(await given.give(someRow())).toBe(false);
    api.app.get(PeriodicTasks).nudge('whatever');
    const { status, body } = await new Client(worker.url).get('/health');
    expect([status, body.components]).toMatchObject([
      200,
      { redis: 'degraded', database: 'healthy' },
    ]);
    await redis.start();
    await canGive();
    const row = someRow();
    await given.give(row);
    await eventually(() => done.taken.some(({ id }) => id === row.id), 'the row');
    await eventually(async () => (await health()).status === 'ok', 'the report');
  });

  it('Redis frozen: giving ends soon, and is not tried again before it answers', async () => {
    redis.freeze();
    const rows = [someRow(), someRow()];
    for (const row of rows) expect(await given.give(row)).toBe(false);
    redis.thaw();
    await canGive();
    const ids = () => done.taken.map(({ id }) => id);
    await eventually(() => ids().includes(rows[0]?.id ?? ''), 'the row sent before');
    expect(ids()).not.toContain(rows[1]?.id);
  });
});

describeWithRedis('a worker that is told to stop', () => {
  it('finishes the rows it has begun while the database is there, and begins no other', async () => {
    const redis = await startRedis();
    const running = await startApp({ REDIS_URL: redis.url, QUEUE_CONCURRENCY: '1' });
    const rows = new Rows(running.app);
    let end: () => void = () => undefined;
    let stored = false;
    rows.work = async () => {
      await new Promise<void>((resolve) => (end = resolve));
      await running.app.get(Database).asWorker([sql`SELECT 1`]);
      stored = true;
    };
    await eventually(() => rows.give(someRow(), someRow()), 'Redis');
    await eventually(() => rows.taken.length === 1, 'the first row');
    let closed = false;
    const closing = running.close().then(() => (closed = true));
    // Longer than Redis is given for a goodbye.
    await new Promise((resolve) => setTimeout(resolve, 1_800));
    expect(closed).toBe(false);
    end();
    await closing;
    expect([rows.taken.length, stored]).toEqual([1, true]);
    await redis.close();
  });
});
