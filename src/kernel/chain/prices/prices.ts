import { Injectable, Logger } from '@nestjs/common';
import { type ChainName, NATIVE_COINS } from '../chain-names.js';
import { type Reading, Remembered } from '../remembered.js';
import { KeptPrices, type PastPrice, type PastPrices } from './kept-prices.js';
import { PriceFeed, type UsdPrices } from './price-feed.js';

const HOW = { freshMs: 60_000, patienceMs: 1_000, retryMs: 5_000 };
const COINS = Object.values(NATIVE_COINS).map(({ symbol }) => symbol);

/** What a chain's coin costs, and whether the feed still says so. */
export type KnownPrice = Reading<bigint>;

/**
 * The last prices that the feed told, in millionths of a dollar a coin. A coin that it has told this
 * process nothing of has the price that was kept, which is stale however young it is.
 */
@Injectable()
export class Prices {
  private readonly log = new Logger('Prices');
  private readonly told: Remembered<UsdPrices>;
  private readonly kept: Remembered<PastPrices>;
  /** Of each coin, for when the newest answer lacks it. */
  private last: PastPrices = {};

  constructor(
    private readonly feed: PriceFeed,
    private readonly table: KeptPrices,
  ) {
    const warning = (msg: string) => (err: unknown) => {
      this.log.warn({ msg, err });
    };
    this.told = new Remembered(() => this.ask(), {
      ...HOW,
      onFailure: warning('the price feed gave no usable answer'),
    });
    this.kept = new Remembered(() => table.read(), {
      ...HOW,
      onFailure: warning('the prices that were kept cannot be read'),
    });
  }

  /** Waits for a new price a second at most; null where none was ever told or kept. */
  async of(chain: ChainName): Promise<KnownPrice | null> {
    const kept = this.peek(chain) ? null : this.kept.get();
    await this.told.get();
    if (!this.peek(chain)) await kept;
    return this.peek(chain);
  }

  /** As `of`, of what is known at this moment. */
  peek(chain: ChainName): KnownPrice | null {
    const { symbol } = NATIVE_COINS[chain];
    const told = this.told.peek();
    const value = told?.value[symbol];
    if (told && value !== undefined) return { ...told, value };
    const past = this.last[symbol] ?? this.kept.peek()?.value[symbol];
    return past ? { ...past, stale: true, failing: true } : null;
  }

  private async ask(): Promise<UsdPrices> {
    const prices = await this.feed.prices();
    const lacking = COINS.filter((coin) => prices[coin] === undefined);
    if (lacking.length > 0) this.log.warn({ msg: 'the price feed lacks coins', lacking });
    this.last = { ...this.last, ...asOf(new Date(Date.now()), prices) };
    // Whoever waits for the price does not wait for the table.
    void this.table.keep(prices).catch((err: unknown) => {
      this.log.warn({ msg: 'the prices were not kept', err });
    });
    return prices;
  }
}

function asOf(readAt: Date, prices: UsdPrices): PastPrices {
  const past = (value: bigint): PastPrice => ({ value, readAt });
  return Object.fromEntries(
    Object.entries(prices).map(([coin, value]) => [coin, past(value)] as const),
  );
}
