import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { mintsUnfinished, oldestMintSeconds } from './mint-metrics.js';

const EVERY_MS = 15_000;

/** Keeps the metrics of waiting tokens true. */
@Injectable()
export class MintGauges implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('mint gauges', EVERY_MS, () => this.measure()));
  }

  async measure(): Promise<void> {
    const [found] = await this.database.asWorker([
      sql`SELECT blockchain, status, count(*)::integer AS tickets,
          extract(epoch FROM now() - min(created_at))::float8 AS age
        FROM nft_mint_queue
        WHERE status IN ('queued', 'minting', 'failed', 'revoking', 'revocation_failed')
        GROUP BY blockchain, status`,
    ]);
    mintsUnfinished.reset();
    oldestMintSeconds.reset();
    const oldest = new Map<string, number>();
    for (const row of found?.rows ?? []) {
      const blockchain = row.blockchain as string;
      const status = row.status as string;
      mintsUnfinished.set({ blockchain, status }, row.tickets as number);
      if (status !== 'queued' && status !== 'minting') continue;
      oldest.set(blockchain, Math.max(oldest.get(blockchain) ?? 0, row.age as number));
    }
    for (const [blockchain, age] of oldest) oldestMintSeconds.set({ blockchain }, age);
  }
}
