import '../refuse-production.js';
import { z } from 'zod';
import type { Routes } from '../http-router.js';
import { type EmulatedService, parse, serve } from '../platform/endpoint.js';

/** Dollars a coin, as the feed writes them. */
export interface CoinPrices {
  readonly POL: number;
  readonly SOL: number;
}

/** A feed of coin prices in the manner of CoinGecko. */
export interface PriceFeedEmulator extends EmulatedService {
  /** What PRICE_FEED_URL has to be. */
  readonly url: string;
  /** How often it was asked for prices. */
  asked(): number;
  setPrices(prices: Partial<CoinPrices>): void;
}

const API = '/api/v3';
const AT_FIRST: CoinPrices = { POL: 0.22, SOL: 142.5 };

const dollars = z.number().positive().max(1_000_000);
const change = z.strictObject({ POL: dollars, SOL: dollars }).partial();

/** Starts it; `PUT /__emulator/prices {POL, SOL}` moves the market, and nothing else does. */
export async function startPriceFeed(port?: number): Promise<PriceFeedEmulator> {
  let prices = AT_FIRST;
  let asked = 0;
  const setPrices = (changed: Partial<CoinPrices>): void => {
    prices = { ...prices, ...changed };
  };
  const routes: Routes = {
    [`GET ${API}/simple/price`]: () => {
      asked++;
      const { POL, SOL } = prices;
      return {
        status: 200,
        body: { 'polygon-ecosystem-token': { usd: POL }, solana: { usd: SOL } },
      };
    },
    'PUT /__emulator/prices': ({ body }) => {
      const { POL, SOL } = parse(change, body);
      setPrices({ ...(POL && { POL }), ...(SOL && { SOL }) });
      return { status: 200, body: prices };
    },
  };
  const service = await serve(routes, port);
  return { ...service, url: `${service.baseUrl}${API}`, asked: () => asked, setPrices };
}
