import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { leaks } from '../support/leaks.js';
import { type AppProcess, startProcess } from '../support/process.js';
import {
  eventually,
  letTimePass,
  newKey,
  type OneTypeEvent,
  orderOf,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

/** What the provider has and what we have when the process dies there. */
const CRASHES = [
  ['row 1: after the intent, before the charge', 'purchase.after_intent', 0, 'PROCESSING'],
  ['row 2: after the charge, before our commit', 'purchase.after_charge', 1, 'PROCESSING'],
  ['row 3: after our commit, before the answer', 'purchase.after_commit', 1, 'PAID'],
  ['row 4: as the outcome is recorded', 'purchase.in_finalize', 1, 'PROCESSING'],
] as const;

const SEATS = ['C1', 'C2'];

let world: TestWorld;
let event: OneTypeEvent;
let userId: string;
let key: string;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
  event = new Shop(world).event({ seated: true, capacity: 10 });
  userId = newKey();
  key = newKey();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await world.close();
});

async function start(settings: Readonly<Record<string, string>>): Promise<AppProcess> {
  const app = await startProcess(world, settings);
  started.push(app);
  return app;
}

const buyerAt = (url: string): Promise<Client> => new Shop(world).buyer(url, userId);

async function buyAt(app: AppProcess): Promise<Reply> {
  const buyer = await buyerAt(app.url);
  return buyer.pay(PROCESS, orderOf(event, { seats: SEATS }), key);
}

async function crashAt(failpoint: string): Promise<void> {
  const app = await start({ FAILPOINT: `${failpoint}:kill` });
  await expect(buyAt(app)).rejects.toThrow();
  expect((await app.ended).signal).toBe('SIGKILL');
  expect(leaks(app.logs(), world)).toEqual([]);
}

const charges = () => world.stripe.truth().charges.length;

async function statusOfPayment(): Promise<unknown> {
  const rows = await query(world, 'SELECT status FROM payment_transactions');
  expect(rows).toHaveLength(1);
  return rows[0]?.status;
}

async function storedAnswer(): Promise<unknown> {
  const [row] = await query(world, 'SELECT status_code, response FROM payment_idempotency');
  return row?.status_code === 200 ? row.response : null;
}

/** However long the next process took to start, the dead one still holds what it held. */
const leaseAnew = () =>
  query(
    world,
    `UPDATE payment_idempotency SET lease_until = now() + interval '15 seconds'
    WHERE status_code IS NULL`,
  );

/** One charge, one paid payment, one of everything that follows, and nobody can tell the crash. */
async function expectOneSale(app: AppProcess): Promise<void> {
  const replies = [await buyAt(app), await buyAt(app)];
  for (const reply of replies) {
    expect(reply.status).toBe(200);
    expect(reply.headers.get('idempotent-replayed')).toBe('true');
    expect(reply.text).toBe(await storedAnswer());
  }
  expect(charges()).toBe(1);
  expect(await statusOfPayment()).toBe('PAID');
  const counted = await query(
    world,
    `SELECT (SELECT count(*) FROM outbox WHERE event_type = 'payment.completed')::int AS events,
      (SELECT count(*) FROM ledger_journals)::int AS journals,
      (SELECT count(*) FROM tickets WHERE status = 'sold')::int AS sold,
      (SELECT count(*) FROM ticket_holds)::int AS seats,
      (SELECT sum(taken) FROM capacity_shards)::int AS taken`,
  );
  expect(counted).toEqual([{ events: 1, journals: 1, sold: 2, seats: 2, taken: 2 }]);
  const id = String(replies[0]?.body.transaction.id);
  const proof = await (await buyerAt(app.url)).get(`/api/v1/payments/transaction/${id}/proof`);
  expect(proof.body).toMatchObject({ balanced: true, clearingEqualsCaptured: true });
  expect(await checkInvariants(world)).toEqual([]);
  expect(leaks(app.logs(), world)).toEqual([]);
}

describe.each(CRASHES)('%s (%s)', (_, failpoint, chargesThen, statusThen) => {
  beforeEach(async () => {
    await crashAt(failpoint);
    expect(charges()).toBe(chargesThen);
    expect(await statusOfPayment()).toBe(statusThen);
  });

  it('the buyer asks again with the key', async () => {
    // A process without background work: nobody but the request itself can finish the sale.
    const app = await start({ ROLE: 'api' });
    await leaseAnew();
    const first = await buyAt(app);
    if (statusThen === 'PROCESSING') {
      expect([first.status, first.body.code]).toEqual([409, 'DUPLICATE_IN_PROGRESS']);
      await letTimePass(world);
      const taken = await buyAt(app);
      expect(taken.status).toBe(200);
      expect(taken.text).toBe(await storedAnswer());
    }
    await expectOneSale(app);
    expect((await app.terminate()).code).toBe(0);
  });

  it('the buyer never comes back, the janitor does', async () => {
    const app = await start({ ROLE: 'worker' });
    await letTimePass(world);
    await eventually(storedAnswer, 'the stored answer');
    await expectOneSale(app);
    expect((await app.terminate()).code).toBe(0);
  });
});
