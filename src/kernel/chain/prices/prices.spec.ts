import { KeptPrices, type PastPrices } from './kept-prices.js';
import { PriceFeed, type UsdPrices } from './price-feed.js';
import { Prices } from './prices.js';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const BOTH = { POL: 220_000n, SOL: 142_500_000n };

let now: number;
beforeEach(() => {
  now = NOON;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** A feed and a table that answer as they are set; null: away. */
function scene(told: UsdPrices | null, kept: PastPrices | null = {}) {
  const state = { told, kept, written: [] as UsdPrices[], reads: 0 };
  const away = () => Promise.reject(new Error('away'));
  class Feed extends PriceFeed {
    prices() {
      return state.told ? Promise.resolve(state.told) : away();
    }
  }
  class Table extends KeptPrices {
    override read() {
      state.reads++;
      return state.kept ? Promise.resolve(state.kept) : away();
    }
    override keep(prices: UsdPrices) {
      state.written.push(prices);
      return state.kept ? Promise.resolve(state.kept).then(() => undefined) : away();
    }
  }
  return { state, prices: new Prices(new Feed(), new Table(undefined as never)) };
}

const old = (value: bigint) => ({ value, readAt: new Date(NOON - 7_200_000) });

describe('what a coin costs', () => {
  it('is what the feed tells, kept each time that it tells anew', async () => {
    const { state, prices } = scene(BOTH);
    expect(await prices.of('solana')).toMatchObject({ value: BOTH.SOL, stale: false });
    expect(await prices.of('polygon')).toMatchObject({ value: BOTH.POL, stale: false });
    expect(state.written).toEqual([BOTH]);
    now += 60_000;
    await prices.of('solana');
    expect(state.written).toEqual([BOTH, BOTH]);
  });

  it('is what was kept while the feed has told nothing, stale and of its own instant', async () => {
    const { state, prices } = scene(null, { SOL: old(99n) });
    expect(await prices.of('solana')).toEqual({ ...old(99n), stale: true, failing: true });
    expect(prices.peek('solana')).toEqual({ ...old(99n), stale: true, failing: true });
    expect(await prices.of('polygon')).toBeNull();
    now += 5_000;
    state.told = BOTH;
    expect(await prices.of('solana')).toMatchObject({ value: BOTH.SOL, stale: false });
  });

  it('is stale when it was kept, however lately', async () => {
    const { prices } = scene(null, { SOL: { value: 99n, readAt: new Date(NOON - 1_000) } });
    expect(await prices.of('solana')).toMatchObject({ value: 99n, stale: true });
  });

  it('is known at once to who does not wait, as soon as it was read', async () => {
    const { prices } = scene(null, { SOL: old(99n) });
    expect(prices.peek('solana')).toBeNull();
    await new Promise(setImmediate);
    expect(prices.peek('solana')).toMatchObject({ value: 99n, stale: true });
  });

  it('is looked for in the table again after a minute, and never once the feed has told', async () => {
    const { state, prices } = scene(null);
    expect(await prices.of('solana')).toBeNull();
    expect(await prices.of('solana')).toBeNull();
    expect(state.reads).toBe(1);
    state.kept = { SOL: old(98n) };
    now += 60_000;
    expect(await prices.of('solana')).toMatchObject({ value: 98n });
    state.told = BOTH;
    now += 5_000;
    await prices.of('solana');
    const { reads } = state;
    now += 600_000;
    await prices.of('solana');
    await prices.of('polygon');
    expect(state.reads).toBe(reads);
  });

  it('is the last that was told where the newest answer lacks the coin', async () => {
    const { state, prices } = scene(BOTH);
    await prices.of('solana');
    const readAt = new Date(NOON);
    now += 60_000;
    state.told = { POL: 230_000n };
    expect(await prices.of('solana')).toEqual({
      value: BOTH.SOL,
      readAt,
      stale: true,
      failing: true,
    });
    expect(await prices.of('polygon')).toMatchObject({ value: 230_000n, stale: false });
  });

  it('is as the feed tells it when the database is away, and nothing when both are', async () => {
    const { state, prices } = scene(BOTH, null);
    expect(await prices.of('solana')).toMatchObject({ value: BOTH.SOL, stale: false });
    expect(state.written).toHaveLength(1);
    expect(await scene(null, null).prices.of('solana')).toBeNull();
  });

  it('is told without waiting for a database that never answers', async () => {
    // No patience ever ends: whoever waited for the database would wait for ever.
    jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'queueMicrotask', 'setImmediate'] });
    const { prices } = scene(BOTH, new Promise(() => undefined) as never);
    expect(await prices.of('polygon')).toMatchObject({ value: BOTH.POL, stale: false });
  });
});
