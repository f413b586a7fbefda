import type { NativeCoin } from '../chain-names.js';

export type CoinSymbol = NativeCoin['symbol'];

/** What one coin costs, in millionths of a dollar, of each coin that something was told of. */
export type UsdPrices = Readonly<Partial<Record<CoinSymbol, bigint>>>;

/** Where coins are priced. Throws where it gives no usable price of any coin in time. */
export abstract class PriceFeed {
  abstract prices(): Promise<UsdPrices>;
}
