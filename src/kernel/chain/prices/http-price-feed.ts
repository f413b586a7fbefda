import { z } from 'zod';
import type { ChainsConfig } from '../../config/index.js';
import { microUsd } from './micro-usd.js';
import { PriceFeed, type UsdPrices } from './price-feed.js';

/** The feed's names (docs.coingecko.com/reference/simple-price). */
const IDS = { POL: 'polygon-ecosystem-token', SOL: 'solana' } as const;
const PAID_HOST = 'pro-api.coingecko.com';

const price = z.object({
  // A double prints as the shortest decimal that it is read from: the text that the feed wrote.
  usd: z.number().transform((usd, context) => {
    const amount = microUsd(String(usd));
    if (amount !== null) return amount;
    context.addIssue('is no price');
    return z.NEVER;
  }),
});
const answer = z.record(z.string(), z.unknown());

/**
 * Prices in the manner of CoinGecko: `GET /simple/price?ids=…&vs_currencies=usd&precision=full`. Each
 * coin is read by itself: an answer that lacks or garbles one still tells the other.
 */
export class HttpPriceFeed extends PriceFeed {
  constructor(private readonly config: Pick<ChainsConfig, 'priceFeed' | 'timeoutMs'>) {
    super();
  }

  async prices(): Promise<UsdPrices> {
    const { url } = this.config.priceFeed;
    const ids = Object.values(IDS).join(',');
    const response = await fetch(
      `${url}/simple/price?ids=${ids}&vs_currencies=usd&precision=full`,
      {
        headers: { accept: 'application/json', ...this.key() },
        redirect: 'error',
        signal: AbortSignal.timeout(this.config.timeoutMs),
      },
    );
    if (!response.ok) throw new Error(`the price feed answered ${response.status}`);
    return pricesIn(await response.json());
  }

  private key(): Record<string, string> {
    const { url, apiKey } = this.config.priceFeed;
    if (apiKey === undefined) return {};
    const isPaid = new URL(url).hostname === PAID_HOST;
    return { [isPaid ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key']: apiKey };
  }
}

function pricesIn(body: unknown): UsdPrices {
  const found = answer.parse(body);
  const read = Object.entries(IDS).map(([coin, id]) => [coin, price.safeParse(found[id])] as const);
  const prices = read.flatMap(([coin, { data }]) => (data ? [[coin, data.usd] as const] : []));
  if (prices.length > 0) return Object.fromEntries(prices);
  throw new Error('the price feed told the price of no coin');
}
