import { Database } from '../../src/kernel/postgres/database.js';
import { Janitor } from '../../src/payments/infra/janitor.js';
import {
  type Due,
  dueOf,
  openCapturesAndVoids,
  openCharges,
  openEvidence,
  type OpenOperations,
  openRefunds,
} from '../../src/payments/infra/open-operations.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Reply } from '../support/client.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';

let running: RunningApp;
let database: Database;

beforeAll(async () => {
  // No background work: every claim is the test's own.
  running = await startApp({ ROLE: 'api' });
  database = running.app.get(Database);
  running.world.stripe.clearWebhook();
  refuseService();
  expect((await buy()).status).toBe(202);
});
afterEach(refuseService);
afterAll(() => running.close());

/** As the provider is unless a test says otherwise. */
function refuseService(): void {
  running.world.stripe.setLatency(0);
  running.world.stripe.setFaults({ rules: [{ fault: 'failBefore' }] });
}

async function buy(): Promise<Reply> {
  const shop = new Shop(running.world);
  const buyer = await shop.buyer(running.url);
  return buyer.pay(PROCESS, orderOf(shop.event(), { quantity: 1 }));
}

async function claim(operations: OpenOperations = openCharges): Promise<Due[]> {
  const [claimed] = await database.asWorker([operations.claim]);
  return (claimed?.rows ?? []).map(dueOf);
}

const OPEN = `SELECT attempts, extract(epoch FROM next_attempt_at - now())::float8 AS seconds
  FROM payment_intents WHERE next_attempt_at IS NOT NULL`;

const due = () =>
  query(
    running.world,
    'UPDATE payment_intents SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL',
  );

/** How often the charge was asked about in vain, and how long it now rests. */
async function row(): Promise<{ attempts: unknown; seconds: number }> {
  const [found] = await query(running.world, OPEN);
  return { attempts: found?.attempts, seconds: Number(found?.seconds) };
}

it('every kind of operation can be claimed, drawn forward and put off', async () => {
  for (const operations of [openRefunds, openCapturesAndVoids, openEvidence]) {
    expect(await claim(operations)).toEqual([]);
    await database.asWorker([operations.drawForward]);
  }
});

it('what its own request is still asking is not drawn forward', async () => {
  running.world.stripe.setFaults({ rules: [] });
  running.world.stripe.setLatency(1_500);
  const paying = buy();
  const charge = () => query(running.world, `${OPEN} AND attempts = 0 AND status <> 'UNKNOWN'`);
  await eventually(async () => (await charge()).length === 1, 'the charge');
  await database.asWorker([openCharges.drawForward]);
  expect(Number((await charge())[0]?.seconds)).toBeGreaterThan(10);
  expect((await paying).status).toBe(200);
});

it('a process that dies while it asks makes nobody wait longer than its claim', async () => {
  for (let deaths = 0; deaths < 5; deaths++) {
    await due();
    expect(await claim()).toHaveLength(1);
    expect(await claim()).toEqual([]);
  }
  const { attempts, seconds } = await row();
  expect(attempts).toBe(1);
  expect(seconds).toBeLessThanOrEqual(20);
});

it('what is asked in vain rests ever longer, up to five minutes', async () => {
  const janitor = running.app.get(Janitor);
  for (const [attempts, rest] of [
    [2, 2],
    [3, 5],
    [4, 15],
    [5, 60],
    [6, 300],
    [7, 300],
  ] as const) {
    await due();
    expect(await janitor.pass()).toBe(1);
    const after = await row();
    expect(after.attempts).toBe(attempts);
    expect(after.seconds).toBeGreaterThan(rest - 2);
    expect(after.seconds).toBeLessThanOrEqual(rest);
  }
});

it('what was drawn forward while somebody asked is not put off again', async () => {
  await due();
  const [claimed] = await claim();
  if (!claimed) throw new Error('nothing was due');
  await database.asWorker([openCharges.drawForward]);
  const before = await row();
  await database.asWorker([openCharges.putOff(claimed)]);
  const after = await row();
  expect(after.attempts).toBe(before.attempts);
  expect(after.seconds).toBeLessThanOrEqual(10);
});
