import type { QueryBus } from '@nestjs/cqrs';
import pg from 'pg';
import { HttpPriceFeed } from '../../src/kernel/chain/prices/http-price-feed.js';
import { KeptPrices } from '../../src/kernel/chain/prices/kept-prices.js';
import { Prices } from '../../src/kernel/chain/prices/prices.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { type PriceFeedEmulator, startPriceFeed } from '../../src/sandbox/prices/index.js';
import { MintWorker } from '../support/mint-worker.js';
import { MintWorld } from './mint-world.js';
import { until } from './outbox-database.js';

const TIMEOUT_MS = 2_000;

let world: MintWorld;
let feed: PriceFeedEmulator;

beforeAll(async () => {
  feed = await startPriceFeed();
});
afterAll(() => feed.close());
beforeEach(async () => {
  world = await MintWorld.open();
});
afterEach(async () => {
  feed.setOutage('none');
  await world.close();
});

/** The prices of a process that has just been started. */
const started = (database = world.db.database) =>
  new Prices(
    new HttpPriceFeed({ priceFeed: { url: feed.url, apiKey: undefined }, timeoutMs: TIMEOUT_MS }),
    new KeptPrices(database),
  );
const rows = () =>
  world.db.query('SELECT coin, micro_usd::text AS price FROM coin_prices ORDER BY coin');
const minutesAgo = (minutes: number) =>
  world.db.query(`UPDATE coin_prices SET told_at = now() - $1 * interval '1 minute'`, [minutes]);

/** A process has been told of prices, and they are kept. */
async function kept(): Promise<void> {
  await started().of('solana');
  await until(async () => (await rows()).length === 2);
}

describe('the last price of a coin', () => {
  it('outlives the process that was told of it: stale, and of its own instant', async () => {
    await kept();
    await minutesAgo(90);
    feed.setOutage('down');
    const prices = started();
    await until(async () => (await prices.of('solana')) !== null);
    const price = await prices.of('solana');
    expect(price).toMatchObject({ value: 142_500_000n, stale: true, failing: true });
    const age = Date.now() - (price?.readAt.getTime() ?? 0);
    expect(Math.round(age / 60_000)).toBe(90);
    expect(await prices.of('polygon')).toMatchObject({ value: 220_000n, stale: true });
  });

  it('is written about once a minute, whichever process is told of one', async () => {
    await kept();
    const table = new KeptPrices(world.db.database);
    await table.keep({ POL: 300_000n, SOL: 150_000_000n });
    expect(await rows()).toEqual([
      { coin: 'POL', price: '220000' },
      { coin: 'SOL', price: '142500000' },
    ]);
    await minutesAgo(1);
    await table.keep({ SOL: 150_000_000n });
    expect(await rows()).toEqual([
      { coin: 'POL', price: '220000' },
      { coin: 'SOL', price: '150000000' },
    ]);
    const { SOL, POL } = await table.read();
    expect(SOL?.readAt.getTime()).toBeGreaterThan(POL?.readAt.getTime() ?? Infinity);
  });

  it('is not missed in a process that the feed answers while the database is away', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/nowhere' });
    const database = new Database(nowhere, nowhere);
    const prices = started(database);
    await until(async () => (await prices.of('solana')) !== null);
    expect(await prices.of('solana')).toMatchObject({ value: 142_500_000n, stale: false });
    feed.setOutage('down');
    expect(await started(database).of('solana')).toBeNull();
    await nowhere.end();
  });

  it('books what a job cost when a worker starts while the feed is away', async () => {
    await kept();
    feed.setOutage('down');
    const { db, clock, worker } = world;
    const restarted = new MintWorker(db.database, worker.chains, started(), {} as QueryBus, clock);
    await world.queued(1);
    await world.workAll(restarted);
    const jobs = await db.query('SELECT status, gas, gas_micro_usd FROM nft_batches');
    expect(jobs).toMatchObject([{ status: 'done' }]);
    expect(Number(jobs[0]?.gas)).toBeGreaterThan(0);
    expect(Number(jobs[0]?.gas_micro_usd)).toBeGreaterThan(0);
  });
});
