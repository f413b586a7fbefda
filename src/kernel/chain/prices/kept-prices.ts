import { Injectable } from '@nestjs/common';
import { Database } from '../../postgres/database.js';
import { sql } from '../../postgres/sql.js';
import type { CoinSymbol, UsdPrices } from './price-feed.js';

/** What one coin cost at an instant, in millionths of a dollar. */
export interface PastPrice {
  readonly value: bigint;
  readonly readAt: Date;
}

/** Of each coin that has ever had a price. */
export type PastPrices = Readonly<Partial<Record<CoinSymbol, PastPrice>>>;

/** The last price of each coin that any process was told, for one that starts while the feed is away. */
@Injectable()
export class KeptPrices {
  constructor(private readonly database: Database) {}

  async read(): Promise<PastPrices> {
    const [found] = await this.database.asWorker([
      sql`SELECT coin, micro_usd, told_at FROM coin_prices`,
    ]);
    return Object.fromEntries(
      (found?.rows ?? []).map(({ coin, micro_usd, told_at }) => [
        coin as CoinSymbol,
        { value: micro_usd as bigint, readAt: told_at as Date },
      ]),
    );
  }

  /** Of each coin about once a minute, however many processes are told of it. */
  async keep(prices: UsdPrices): Promise<void> {
    await this.database.asWorker(
      Object.entries(prices).map(
        ([coin, price]) => sql`
          INSERT INTO coin_prices AS kept (coin, micro_usd) VALUES (${coin}, ${price})
          ON CONFLICT (coin) DO UPDATE SET micro_usd = excluded.micro_usd, told_at = now()
            WHERE kept.told_at < now() - interval '50 seconds'`,
      ),
    );
  }
}
