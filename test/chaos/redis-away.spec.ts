import { setTimeout as sleep } from 'node:timers/promises';
import { checkInvariants } from '../support/invariants/index.js';
import { leaks } from '../support/leaks.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { recordWork, repeated, type WorkRecord } from '../support/work-record.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

const BUYERS = 3;

/** What happens to Redis, for about six seconds each. */
const FAULTS: Readonly<Record<string, (redis: TestRedis) => Promise<void>>> = {
  'is emptied every two seconds': async ({ client }) => {
    for (let time = 0; time < 3; time++) {
      await client.flushall();
      await sleep(2_000);
    }
  },
  'stops, and starts again empty': async (redis) => {
    await redis.stop();
    await sleep(3_000);
    await redis.start();
    await sleep(2_000);
  },
  'takes two seconds to answer': async (redis) => {
    for (let time = 0; time < 2; time++) {
      redis.freeze();
      await sleep(2_000);
      redis.thaw();
      await sleep(200);
    }
  },
};

describeWithRedis('row 19: Redis, while tickets are sold', () => {
  let redis: TestRedis;
  let world: TestWorld;
  let event: OneTypeEvent;
  let record: WorkRecord;
  let api: AppProcess;
  let apps: AppProcess[];
  let sold = 0;

  beforeAll(async () => {
    redis = await startRedis();
    world = await startTestWorld();
    event = new Shop(world).event({ capacity: 10_000 });
    record = await recordWork(world);
    const start = (name: string, ROLE: string) =>
      startProcess(world, { ...record.named(name), ROLE, REDIS_URL: redis.url });
    apps = await Promise.all([
      start('api', 'api'),
      start('worker-1', 'worker'),
      start('worker-2', 'worker'),
    ]);
    [api] = apps as [AppProcess];
    world.setAppUrl(api.url);
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.kill()));
    await Promise.all([world.close(), redis.close()]);
  });

  /** Buys again and again until the work is over; answers every status there was. */
  async function sellDuring(work: Promise<void>): Promise<number[]> {
    let over = false;
    const until = work.finally(() => (over = true));
    const statuses: number[] = [];
    const buy = async () => {
      while (!over) {
        const buyer = await new Shop(world).buyer(api.url);
        statuses.push((await buyer.pay(PROCESS, orderOf(event))).status);
      }
    };
    await Promise.all([until, ...Array.from({ length: BUYERS }, buy)]);
    return statuses;
  }

  const done = async () => (await record.finished()).length;

  it.each(Object.keys(FAULTS))(
    '%s: every purchase succeeds, work goes on, nothing is lost or done twice',
    async (name) => {
      const before = await done();
      let during = before;
      const fault = async () => {
        await FAULTS[name]?.(redis);
        during = await done();
      };
      const statuses = await sellDuring(fault());
      sold += statuses.length;
      expect(statuses.length).toBeGreaterThan(BUYERS);
      expect(statuses).toEqual(statuses.map(() => 200));
      // Not only afterwards: without Redis the workers look for themselves.
      expect(during).toBeGreaterThan(before);
      await record.allDone();
      expect(await record.thefts()).toEqual([]);
      expect(repeated(await record.finished())).toEqual([]);
      const left = await query(world, `SELECT * FROM webhook_inbox WHERE status <> 'processed'`);
      expect(left).toEqual([]);
      expect(world.stripe.truth().charges).toHaveLength(sold);
      expect(await checkInvariants(world)).toEqual([]);
      for (const app of apps) expect(leaks(app.logs(), world)).toEqual([]);
    },
  );
});
