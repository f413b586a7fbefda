import type { ChainName } from '../chain-names.js';
import { KeptPrices } from '../prices/kept-prices.js';
import { PriceFeed, type UsdPrices } from '../prices/price-feed.js';
import { Prices } from '../prices/prices.js';
import { GasOracle } from './gas-oracle.js';
import type { GasReading, GasSource } from './gas-source.js';

const GWEI = 10n ** 9n;

/** A chain whose fees are set by hand; null: its node is away. */
class Chain implements GasSource {
  asked = 0;

  constructor(
    readonly chain: ChainName,
    public feePerTicket: bigint | null,
  ) {}

  read(): Promise<GasReading> {
    this.asked++;
    if (this.feePerTicket === null) return Promise.reject(new Error('away'));
    return Promise.resolve({ feePerTicket: this.feePerTicket, congestionLevel: 'low' });
  }
}

class Feed extends PriceFeed {
  constructor(private readonly known: UsdPrices | null) {
    super();
  }

  prices(): Promise<UsdPrices> {
    return this.known ? Promise.resolve(this.known) : Promise.reject(new Error('away'));
  }
}

/** Of a database that is away. */
const nothingKept = new KeptPrices({
  asWorker: () => Promise.reject(new Error('away')),
} as never);

const PRICES = { POL: 220_000n, SOL: 142_500_000n };
const oracleOf = (sources: Chain[], prices: UsdPrices | null = PRICES) =>
  new GasOracle(sources, new Prices(new Feed(prices), nothingKept));

const polygon = () => new Chain('polygon', 48_012n * 60n * GWEI);
const solana = () => new Chain('solana', 5_512_320n);

describe('the gas oracle', () => {
  it('tells what the tickets of a request cost on each chain, and the cheapest', async () => {
    const { estimates, recommended } = await oracleOf([polygon(), solana()]).estimates(2);
    expect(estimates).toMatchObject([
      { chain: 'polygon', unit: 'wei', fee: 5_761_440n * GWEI, feeMicroUsd: 1_268n, stale: false },
      { chain: 'solana', unit: 'lamports', fee: 11_024_640n, feeMicroUsd: 1_571_012n },
    ]);
    expect(recommended).toBe('polygon');
    const cheapSolana = new Chain('solana', 1n);
    expect((await oracleOf([polygon(), cheapSolana]).estimates(2)).recommended).toBe('solana');
  });

  it('leaves out a chain that never answered, and recommends another', async () => {
    const oracle = oracleOf([new Chain('polygon', null), solana()]);
    const { estimates, recommended } = await oracle.estimates(1);
    expect(estimates.map(({ chain }) => chain)).toEqual(['solana']);
    expect(recommended).toBe('solana');
    expect(oracle.offer()).toEqual({ configured: ['polygon', 'solana'], recommended: 'solana' });
  });

  it('recommends nothing while nobody has answered, and nothing without a chain', async () => {
    const away = await oracleOf([new Chain('polygon', null)]).estimates(1);
    expect(away).toEqual({ estimates: [], recommended: null });
    expect(oracleOf([]).offer()).toEqual({ configured: [], recommended: null });
  });

  it('goes on without prices: fees in their own unit, the first chain recommended', async () => {
    const { estimates, recommended } = await oracleOf([polygon(), solana()], null).estimates(1);
    expect(estimates.map(({ feeMicroUsd }) => feeMicroUsd)).toEqual([null, null]);
    expect(recommended).toBe('polygon');
  });

  describe('as time passes', () => {
    let now = Date.parse('2026-11-21T12:00:00Z');
    beforeEach(() => {
      jest.spyOn(Date, 'now').mockImplementation(() => now);
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('asks a chain every thirty seconds, and keeps the last good value when it is away', async () => {
      const chains = [polygon(), solana()];
      const oracle = oracleOf(chains);
      await oracle.estimates(1);
      now += 29_999;
      await oracle.estimates(1);
      expect(chains.map(({ asked }) => asked)).toEqual([1, 1]);
      now += 1;
      chains.slice(0, 1).forEach((chain) => (chain.feePerTicket = null));
      const { estimates, recommended } = await oracle.estimates(1);
      expect(estimates).toMatchObject([
        { chain: 'polygon', stale: true, fee: 48_012n * 60n * GWEI },
        { chain: 'solana', stale: false },
      ]);
      expect(recommended).toBe('solana');
      expect(oracle.offer().recommended).toBe('solana');
    });

    it('recommends the cheapest by its last word when every chain is away', async () => {
      const chains = [polygon(), solana()];
      const oracle = oracleOf(chains);
      await oracle.estimates(1);
      chains.forEach((chain) => (chain.feePerTicket = null));
      now += 30_000;
      expect(await oracle.estimates(1)).toMatchObject({
        estimates: [{ stale: true }, { stale: true }],
        recommended: 'polygon',
      });
    });
  });
});
