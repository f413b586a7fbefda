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
const shape = z.object({ [IDS.POL]: price, [IDS.SOL]: price });

/** Prices in the manner of CoinGecko: `GET /simple/price?ids=…&vs_currencies=usd&precision=full`. */
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
    const found = shape.parse(await response.json());
    return { POL: found[IDS.POL].usd, SOL: found[IDS.SOL].usd };
  }

  private key(): Record<string, string> {
    const { url, apiKey } = this.config.priceFeed;
    if (apiKey === undefined) return {};
    const isPaid = new URL(url).hostname === PAID_HOST;
    return { [isPaid ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key']: apiKey };
  }
}
