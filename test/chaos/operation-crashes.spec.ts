import type { Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, letTimePass, newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

/** A capture or a void that dies somewhere, and what the payment has become in the end. */
const CRASHES = [
  ['capture', 'capture.after_intent', 'PAID'],
  ['capture', 'capture.after_provider', 'PAID'],
  ['capture', 'operation.after_settled', 'PAID'],
  ['cancel', 'cancel.after_intent', 'CANCELLED'],
  ['cancel', 'cancel.after_provider', 'CANCELLED'],
] as const;

const AMOUNT = 9_000;

let world: TestWorld;
let paymentId: string;
let key: string;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
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

async function operateAt(app: AppProcess, kind: 'capture' | 'cancel'): Promise<Reply> {
  const path = `/api/v1/payments/transaction/${paymentId}/${kind}`;
  const body = kind === 'capture' ? { amount: AMOUNT } : {};
  return (await new Shop(world).as(app.url, 'admin')).pay(path, body, key);
}

async function crashAt(failpoint: string, kind: 'capture' | 'cancel'): Promise<void> {
  const app = await start({ FAILPOINT: `${failpoint}:kill` });
  const shop = new Shop(world);
  const rest = { captureMethod: 'manual' };
  const order = orderOf(shop.event(), { quantity: 2, rest });
  const held = await (await shop.buyer(app.url)).pay(PROCESS, order);
  expect(held.body.transaction.status).toBe('authorized');
  paymentId = String(held.body.transaction.id);
  await expect(operateAt(app, kind)).rejects.toThrow();
  expect((await app.ended).signal).toBe('SIGKILL');
}

async function storedAnswer(): Promise<unknown> {
  const [row] = await query(
    world,
    `SELECT status_code, response FROM payment_idempotency WHERE operation <> 'process'`,
  );
  return row?.status_code === 200 ? row.response : null;
}

describe.each(CRASHES)('a %s that dies at %s', (kind, failpoint, status) => {
  beforeEach(() => crashAt(failpoint, kind));

  async function expectOnce(app: AppProcess): Promise<void> {
    const again = await operateAt(app, kind);
    expect([again.status, again.text]).toEqual([200, await storedAnswer()]);
    const received = kind === 'capture' ? AMOUNT : 0;
    expect(world.stripe.truth().intents).toMatchObject([{ amountReceived: received }]);
    expect(await query(world, 'SELECT status FROM payment_operations')).toEqual([
      { status: 'done' },
    ]);
    expect(
      await query(world, 'SELECT status, captured_cents::int FROM payment_transactions'),
    ).toEqual([{ status, captured_cents: received }]);
    expect(await checkInvariants(world)).toEqual([]);
  }

  it('is taken up by the same key', async () => {
    const app = await start({ ROLE: 'api' });
    await letTimePass(world);
    expect((await operateAt(app, kind)).status).toBe(200);
    await expectOnce(app);
  });

  it('is taken up by the janitor', async () => {
    const app = await start({ ROLE: 'worker' });
    await letTimePass(world);
    await eventually(storedAnswer, 'the stored answer');
    await expectOnce(app);
  });
});
