import { Janitor } from '../../src/payments/infra/janitor.js';
import { type RunningApp, startApp } from '../support/app.js';
import { checkInvariants } from '../support/invariants/index.js';
import type { Client, Reply } from '../support/client.js';
import { newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(60_000);

const MINUTES = 10;

let running: RunningApp;
let shop: Shop;
let admin: Client;
let janitor: Janitor;

beforeAll(async () => {
  // No background work: every pass is the test's own.
  running = await startApp({ ROLE: 'api' });
  shop = new Shop(running.world);
  running.world.stripe.clearWebhook();
  admin = await shop.as(running.url, 'admin');
  janitor = running.app.get(Janitor);
});
afterAll(() => running.close());
afterEach(async () => {
  running.world.stripe.setFaults({ rules: [] });
  expect(await checkInvariants(running.world)).toEqual([]);
});

const idOf = ({ body }: Reply) => String(body.transaction.id);

/** The provider has had enough of us, and says for how long. */
function limitRate(retryAfterSeconds = MINUTES * 60): void {
  running.world.stripe.setFaults({ rules: [{ fault: 'rateLimit', retryAfterSeconds }] });
}

/** Everything is due now, but for what the provider said. */
async function due(table: string): Promise<void> {
  await query(
    running.world,
    `UPDATE ${table} SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL`,
  );
}

/** Is the one row that waits left alone for (nearly) as long as the provider wants? */
async function leftAlone(table: string): Promise<unknown[]> {
  const rows = await query(
    running.world,
    `SELECT next_attempt_at > now() + interval '${MINUTES - 1} minutes' AS later
      FROM ${table} WHERE next_attempt_at IS NOT NULL AND not_before > now()`,
  );
  return rows.map(({ later }) => later);
}

async function buy(rest: object = {}): Promise<Reply> {
  const buyer = await shop.buyer(running.url);
  return buyer.pay(PROCESS, orderOf(shop.event(), { quantity: 2, rest: { ...rest } }));
}

interface Case {
  readonly name: string;
  readonly table: string;
  /** Something that the provider does not answer. */
  readonly ask: () => Promise<Reply>;
}

const CASES: readonly Case[] = [
  {
    name: 'a charge',
    table: 'payment_intents',
    ask: () => {
      limitRate();
      return buy();
    },
  },
  {
    name: 'a refund',
    table: 'payment_refunds',
    ask: async () => {
      const id = idOf(await buy());
      limitRate();
      const path = `/api/v1/payments/transaction/${id}/refund`;
      return admin.post(path, {}, { 'idempotency-key': newKey() });
    },
  },
  {
    name: 'a capture',
    table: 'payment_operations',
    ask: async () => {
      const id = idOf(await buy({ captureMethod: 'manual' }));
      limitRate();
      return admin.pay(`/api/v1/payments/transaction/${id}/capture`, {});
    },
  },
];

describe.each(CASES)('row 13: $name that is answered 429 with Retry-After', ({ table, ask }) => {
  it('is not asked about again earlier, by the janitor’s steps or a recovery', async () => {
    expect((await ask()).status).toBe(202);
    expect(await leftAlone(table)).toEqual([true]);

    await due(table);
    await janitor.pass();
    expect(await leftAlone(table)).toEqual([true]);

    await janitor.drawForward();
    expect(await leftAlone(table)).toEqual([true]);
    running.world.stripe.setFaults({ rules: [] });
    await due(table);
    await janitor.pass();
    expect(await leftAlone(table)).toEqual([]);
  });
});
