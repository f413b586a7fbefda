import { checkInvariants } from '../support/invariants/index.js';
import { leaks } from '../support/leaks.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { recordWork, repeated, type WorkRecord } from '../support/work-record.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

const AT_ONCE = 8;
const PATIENCE_ROUNDS = 30;

let world: TestWorld;
let event: OneTypeEvent;
let record: WorkRecord;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
  event = new Shop(world).event({ capacity: 10_000 });
  record = await recordWork(world);
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await world.close();
});

async function start(role: string, count: number, settings: Record<string, string>) {
  const names = Array.from({ length: count }, (_, i) => `${role}-${i + 1}`);
  const apps = await Promise.all(
    names.map((name) => startProcess(world, { ...settings, ...record.named(name), ROLE: role })),
  );
  started.push(...apps);
  return apps;
}

/** Some purchases through each process at once, by somebody new each; answers how many there were. */
async function buyThrough(apis: readonly AppProcess[]): Promise<number> {
  const bought = apis.flatMap(({ url }) =>
    Array.from({ length: AT_ONCE }, async () => {
      const buyer = await new Shop(world).buyer(url);
      return (await buyer.pay(PROCESS, orderOf(event))).status;
    }),
  );
  const statuses = await Promise.all(bought);
  expect(statuses).toEqual(statuses.map(() => 200));
  return statuses.length;
}

async function webhooksOf(status: string): Promise<number> {
  const text = 'SELECT count(*)::integer AS n FROM webhook_inbox WHERE status = $1';
  return (await query(world, text, [status]))[0]?.n as number;
}

const workersOf = async () =>
  new Set((await record.claims()).map(({ process }) => process)) as ReadonlySet<string>;

/** Two processes that answer and two that work, with nothing between them but what they share. */
async function sellWithTwoOfEach(settings: Record<string, string>): Promise<void> {
  const apis = await start('api', 2, settings);
  let sold = 0;
  for (const { url } of apis) {
    world.setAppUrl(url);
    sold += await buyThrough(apis);
  }
  await eventually(async () => (await webhooksOf('pending')) >= sold, 'the webhooks');
  expect(await record.claims()).toEqual([]);

  await start('worker', 2, settings);
  for (let round = 0; (await workersOf()).size < 2 && round < PATIENCE_ROUNDS; round++) {
    sold += await buyThrough(apis);
  }
  await record.allDone();

  expect([...(await workersOf())].sort()).toEqual(['worker-1', 'worker-2']);
  expect(await record.thefts()).toEqual([]);
  const finished = await record.finished();
  expect(repeated(finished)).toEqual([]);
  expect(finished.length).toBeGreaterThanOrEqual(sold);
  expect(await webhooksOf('processed')).toBe((await query(world, 'TABLE webhook_inbox')).length);
  expect(world.stripe.truth().charges).toHaveLength(sold);
  expect(await checkInvariants(world)).toEqual([]);
  for (const app of started) {
    expect((await app.terminate()).code).toBe(0);
    expect(leaks(app.logs(), world)).toEqual([]);
  }
}

describe('two api and two worker processes on one database', () => {
  it('sell, and every row of work is done once, by workers alone', () => sellWithTwoOfEach({}));
});

describeWithRedis('the same, with Redis between them', () => {
  let redis: TestRedis;

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(() => redis.close());

  it('sell, and every row of work is done once, by workers alone', async () => {
    await sellWithTwoOfEach({ REDIS_URL: redis.url });
    const given = await redis.client.get('{tickettoken}:webhook-processing:id');
    expect(Number(given)).toBeGreaterThan(AT_ONCE);
  });
});
