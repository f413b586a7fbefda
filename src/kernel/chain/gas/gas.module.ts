import { Global, Module } from '@nestjs/common';
import { type ChainsConfig, CONFIG, type Config } from '../../config/index.js';
import { HttpPriceFeed } from '../prices/http-price-feed.js';
import { KeptPrices } from '../prices/kept-prices.js';
import { PriceFeed } from '../prices/price-feed.js';
import { Prices } from '../prices/prices.js';
import { GasOracle } from './gas-oracle.js';
import type { GasSource } from './gas-source.js';
import { polygonGas } from './polygon-gas.js';
import { solanaGas } from './solana-gas.js';

function sourcesOf({ polygon, solana, timeoutMs }: ChainsConfig): GasSource[] {
  return [
    ...(polygon ? [polygonGas(polygon, timeoutMs)] : []),
    ...(solana ? [solanaGas(solana, timeoutMs)] : []),
  ];
}

/** Fees and prices of the configured chains; without one nothing is ever asked. */
@Global()
@Module({
  providers: [
    {
      provide: PriceFeed,
      useFactory: ({ chains }: Config) => new HttpPriceFeed(chains),
      inject: [CONFIG],
    },
    KeptPrices,
    Prices,
    {
      provide: GasOracle,
      useFactory: ({ chains }: Config, prices: Prices) => new GasOracle(sourcesOf(chains), prices),
      inject: [CONFIG, Prices],
    },
  ],
  exports: [GasOracle, Prices],
})
export class GasModule {}
