import { SharedCounters } from '../../src/kernel/http/rate-limits/shared-counters.js';
import { newId } from '../../src/kernel/ids.js';
import { Client } from '../support/client.js';
import { leaks } from '../support/leaks.js';
import { ANY, caller, from, LOW_LIMITS, newAddress, statuses } from '../support/limited-callers.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

const KEYS = 'tickettoken:rate:';

describeWithRedis('counters that processes share', () => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  let first: SharedCounters;
  let second: SharedCounters;

  beforeEach(async () => {
    redis = await startRedis();
    proxy = await TcpProxy.start(redis.url);
    first = new SharedCounters({ redis: { url: proxy.url } });
    second = new SharedCounters({ redis: { url: redis.url } });
    await Promise.all([connected(first), connected(second)]);
  });
  afterEach(async () => {
    first.onApplicationShutdown();
    second.onApplicationShutdown();
    await proxy.close();
    await redis.close();
  });

  /** Until it counts where others see it. */
  async function connected(counters: SharedCounters): Promise<void> {
    for (;;) {
      const key = newId();
      await counters.add(key);
      if ((await redis.client.exists(KEYS + key)) === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const counts = async (counters: SharedCounters, key: string, times: number) => {
    const found: number[] = [];
    for (let time = 0; time < times; time++) found.push((await counters.add(key)).count);
    return found;
  };

  it('count together, for a minute', async () => {
    const key = newId();
    expect(await counts(first, key, 2)).toEqual([1, 2]);
    expect(await counts(second, key, 2)).toEqual([3, 4]);
    const { msLeft } = await first.add(key);
    expect(msLeft).toBeGreaterThan(0);
    expect(msLeft).toBeLessThanOrEqual(60_000);
    expect(await redis.client.pttl(KEYS + key)).toBeGreaterThan(0);
  });

  it('do not begin anew when Redis is emptied', async () => {
    const key = newId();
    await counts(first, key, 3);
    await redis.client.flushall();
    expect(await counts(first, key, 2)).toEqual([4, 5]);
  });

  it('go on alone while Redis is away, and together when it is back', async () => {
    const key = newId();
    await counts(first, key, 3);
    await redis.stop();
    expect(await counts(first, key, 3)).toEqual([4, 5, 6]);
    await redis.start();
    await Promise.all([connected(first), connected(second)]);
    const later = newId();
    expect(await counts(first, later, 2)).toEqual([1, 2]);
    expect(await counts(second, later, 1)).toEqual([3]);
  });

  it('wait for no answer that does not come, and ask no more for a while', async () => {
    const key = newId();
    await counts(first, key, 1);
    proxy.hold();
    expect(await counts(first, key, 2)).toEqual([2, 3]);
    let asked = 0;
    proxy.onSent = () => asked++;
    expect(await counts(first, key, 50)).toHaveLength(50);
    expect(asked).toBe(0);
    proxy.release();
    await connected(first);
  });
});

/** What happens to Redis while calls come. */
const FAULTS: Readonly<Record<string, (redis: TestRedis) => Promise<unknown>>> = {
  'is emptied': ({ client }) => client.flushall(),
  'takes longer than anybody waits': (redis) => {
    redis.freeze();
    return Promise.resolve();
  },
  'is away': (redis) => redis.stop(),
};

describeWithRedis('row 19 and row 44: the limits of two processes', () => {
  let redis: TestRedis;
  let world: TestWorld;
  let apps: AppProcess[];

  beforeAll(async () => {
    redis = await startRedis();
    world = await startTestWorld();
    const start = () => startProcess(world, { ...LOW_LIMITS, REDIS_URL: redis.url });
    apps = await Promise.all([start(), start()]);
    for (const { url } of apps) await sharing(url);
  });

  afterAll(async () => {
    redis.thaw();
    await Promise.all(apps.map((app) => app.kill()));
    await Promise.all([world.close(), redis.close()]);
  });

  async function sharing(url: string): Promise<void> {
    for (;;) {
      const address = newAddress();
      await new Client(url).get(ANY, from(address));
      if ((await redis.client.exists(`${KEYS}address:${address}`)) === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const url = (i: number) => apps[i % 2]?.url ?? '';

  it('are one limit, for an address and for a user', async () => {
    const headers = from(newAddress());
    const found = await statuses(11, (i) => new Client(url(i)).get(ANY, headers));
    expect(found).toEqual([...Array<number>(10).fill(401), 429]);
    const sub = newId();
    const user = async (i: number) =>
      (await caller({ world, url: url(i) }, { sub })).get(ANY, from(newAddress()));
    expect(await statuses(7, user)).toEqual([...Array<number>(6).fill(404), 429]);
  });

  it.each(Object.keys(FAULTS))('hold in each of them when Redis %s', async (name) => {
    const headers = from(newAddress());
    const call = () => new Client(url(0)).get(ANY, headers);
    expect(await statuses(5, call)).toEqual(Array(5).fill(401));
    await FAULTS[name]?.(redis);
    expect(await statuses(6, call)).toEqual([...Array<number>(5).fill(401), 429]);
    for (const app of apps) expect(leaks(app.logs(), world)).toEqual([]);
  });
});
