import { Injectable, Logger } from '@nestjs/common';
import { type ChainName, NATIVE_COINS } from '../chain-names.js';
import { type Reading, Remembered } from '../remembered.js';
import { PriceFeed, type UsdPrices } from './price-feed.js';

const HOW = { freshMs: 60_000, patienceMs: 1_000, retryMs: 5_000 };

/** What a chain's coin costs, and whether the feed still says so. */
export type KnownPrice = Reading<bigint>;

/** The last prices that the feed told, in millionths of a dollar a coin. */
@Injectable()
export class Prices {
  private readonly log = new Logger('Prices');
  private readonly remembered: Remembered<UsdPrices>;

  constructor(feed: PriceFeed) {
    const onFailure = (error: unknown) => {
      this.log.warn({ msg: 'the price feed gave no usable answer', err: error });
    };
    this.remembered = new Remembered(() => feed.prices(), { ...HOW, onFailure });
  }

  /** Waits for a new price a second at most; null where none was ever told. */
  async of(chain: ChainName): Promise<KnownPrice | null> {
    return of(chain, await this.remembered.get());
  }

  /** As `of`, of what is known at this moment. */
  peek(chain: ChainName): KnownPrice | null {
    return of(chain, this.remembered.peek());
  }
}

function of(chain: ChainName, reading: Reading<UsdPrices> | null): KnownPrice | null {
  return reading && { ...reading, value: reading.value[NATIVE_COINS[chain].symbol] };
}
