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

/** Buys two tickets on a chain; answers their ids. */
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

const statuses = async () =>
  (await query(world, 'SELECT status FROM nft_mint_queue')).map(({ status }) => status);

/** A block hash that has expired meanwhile costs half a minute more. */
async function untilMinted(): Promise<void> {
  const minted = async () => (await statuses()).every((status) => status === 'minted');
  for (const end = Date.now() + 90_000; !(await minted());) {
    if (Date.now() > end) throw new Error(`tickets are ${String(await statuses())}`);
    await sleep(100);
  }
}

describe.each(['polygon', 'solana'] as const)(
  'row 7: on %s, a worker that is killed',
  (blockchain) => {
    it.each(POINTS)('at %s leaves exactly one token a ticket', async (point) => {
      const dying = await start({ FAILPOINT: `${point}:kill` });
      const tickets = await buyAt(dying, blockchain);
      await eventually(async () => (await statuses()).length === 2, 'the queue');
      await letMintingGoOn();
      expect((await dying.ended).signal).toBe('SIGKILL');
      await letMintingGoOn();
      await start();
      await untilMinted();
      for (const ticketId of tickets) {
        expect(await chains.tokenOf(blockchain, ticketId)).toEqual({
          made: 1,
          owner: chains.custody[blockchain],
        });
      }
      // Nothing but the expiry of a block hash, on Solana, makes a second signature right.
      const [signed] = await query(
        world,
        `SELECT count(hash) FILTER (WHERE status <> 'expired')
          = count(DISTINCT (batch_id, part)) AS once FROM nft_transactions`,
      );
      expect(signed).toEqual({ once: true });
    });
  },
);
