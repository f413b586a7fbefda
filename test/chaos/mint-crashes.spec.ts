import { setTimeout as sleep } from 'node:timers/promises';
import { type AppProcess, startProcess } from '../support/process.js';
import { type TestChains, startChains } from '../support/chains.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(180_000);

const POINTS = [
  'mint.after_allocate',
  'mint.after_sign',
  'mint.after_store',
  'mint.after_broadcast',
  'mint.before_receipt',
  'mint.in_finalize',
] as const;

/** A fifth of all receipts is not shown. */
const DROPS = { dropReceiptsPpm: 200_000 };

/** Time to stop a worker where it stands. */
const STALL_MS = 3_000;

let world: TestWorld;
let chains: TestChains;
let started: AppProcess[];

beforeAll(async () => {
  chains = await startChains();
  chains.polygon.setFaults(DROPS);
  chains.solana.setFaults(DROPS);
});
afterAll(() => chains.close());

beforeEach(async () => {
  world = await startTestWorld();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await world.close();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
  const app = await startProcess(world, { ...chains.env, ...settings });
  started.push(app);
  return app;
}

/** Buys two tickets on a chain, and waits until they are queued; answers their ids. */
async function buyAt({ url }: AppProcess, blockchain: string): Promise<string[]> {
  const shop = new Shop(world);
  const event = shop.event();
  const admin = await shop.as(url, 'admin');
  const body = JSON.stringify({ settings: { blockchain } });
  await admin.send('PUT', `/api/v1/events/${event.id}/settings`, body, {});
  const buyer = await shop.buyer(url);
  const bought = await buyer.pay(PROCESS, orderOf(event, { quantity: 2 }));
  expect(bought.status).toBe(200);
  const { tickets } = bought.body.transaction as unknown as { tickets: { id: string }[] };
  await eventually(async () => (await statuses()).length === 2, 'the queue');
  return tickets.map(({ id }) => id);
}

/** Whatever waits for its time is due, and what a dead process held is free. */
async function letMintingGoOn(): Promise<void> {
  await query(world, `UPDATE nft_mint_queue SET created_at = now() - interval '1 minute'`);
  await query(
    world,
    `UPDATE nft_batches SET lease_until = NULL, next_attempt_at = now()
    WHERE status = 'open'`,
  );
  await query(world, `UPDATE saga_commands SET lease_until = NULL WHERE status = 'pending'`);
}

const statuses = async (table = 'nft_mint_queue') =>
  (await query(world, `SELECT status FROM ${table}`)).map(({ status }) => status);

/** A block hash that has expired meanwhile costs half a minute more. */
async function untilMinted(): Promise<void> {
  const minted = async () => (await statuses()).every((status) => status === 'minted');
  for (const end = Date.now() + 90_000; !(await minted());) {
    if (Date.now() > end) throw new Error(`tickets are ${String(await statuses())}`);
    await sleep(100);
  }
}

/** As the chain has it, and by one signature each: nothing but an expired one makes a second right. */
async function expectOneTokenEach(
  blockchain: 'polygon' | 'solana',
  tickets: readonly string[],
): Promise<void> {
  for (const ticketId of tickets) {
    expect(await chains.tokenOf(blockchain, ticketId)).toEqual({
      made: 1,
      owner: chains.custody[blockchain],
    });
  }
  const [signed] = await query(
    world,
    `SELECT count(hash) FILTER (WHERE status <> 'expired')
      = count(DISTINCT (batch_id, part)) AS once FROM nft_transactions`,
  );
  expect(signed).toEqual({ once: true });
}

describe.each(['polygon', 'solana'] as const)(
  'row 7: on %s, a worker that is killed',
  (blockchain) => {
    it.each(POINTS)('at %s leaves exactly one token a ticket', async (point) => {
      const dying = await start({ FAILPOINT: `${point}:kill` });
      const tickets = await buyAt(dying, blockchain);
      await letMintingGoOn();
      expect((await dying.ended).signal).toBe('SIGKILL');
      await letMintingGoOn();
      await start();
      await untilMinted();
      await expectOneTokenEach(blockchain, tickets);
    });
  },
);

describe.each(['polygon', 'solana'] as const)(
  'row 25: on %s, a worker that stands still with a job in hand',
  (blockchain) => {
    it.each(['mint.after_allocate', 'mint.after_sign', 'mint.after_store'] as const)(
      'at %s changes nothing once another one has taken the job over',
      async (point) => {
        const stalled = await start({ FAILPOINT: `${point}:sleep:${STALL_MS}` });
        const tickets = await buyAt(stalled, blockchain);
        await letMintingGoOn();
        const isInHand = async () => (await statuses('nft_transactions')).length > 0;
        await eventually(isInHand, 'a job in hand');
        stalled.pause();
        await start();
        await letMintingGoOn();
        await untilMinted();
        stalled.resume();
        const refused = () => stalled.logs().includes('was taken over by another process');
        await eventually(refused, 'the late one');
        await expectOneTokenEach(blockchain, tickets);
      },
    );
  },
);
