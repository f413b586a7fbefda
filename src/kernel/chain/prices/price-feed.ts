import type { NativeCoin } from '../chain-names.js';

export type CoinSymbol = NativeCoin['symbol'];

/** What one coin costs, in millionths of a dollar. */
export type UsdPrices = Readonly<Record<CoinSymbol, bigint>>;

/** Where coins are priced. Throws where it gives no usable answer in time. */
export abstract class PriceFeed {
  abstract prices(): Promise<UsdPrices>;
}
