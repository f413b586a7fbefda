import { Injectable } from '@nestjs/common';
import { businessDate } from '../../kernel/business-date.js';
import { NATIVE_COINS } from '../../kernel/chain/chain-names.js';
import { Prices, toMicroUsd } from '../../kernel/chain/prices/index.js';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { postJournal } from '../../ledger/ledger.contract.js';
import { bookCost } from '../domain/gas-postings.js';
import { type ClaimedJob, endJob } from './batch-rows.js';

/** Another job of the tenant has moved the rest below a cent meanwhile. */
export const REST_MOVED = 'the rest of gas below a cent has moved on';

/** Books what the transactions of jobs have cost. */
@Injectable()
export class GasBooks {
  /** The end of a process's last booking, by tenant and chain. */
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly prices: Prices,
    private readonly clock: Clock,
  ) {}

  /**
   * Does one booking of a tenant on a chain after the other: each goes on where the last one left the
   * rest below a cent. Other processes are not waited for; the guard tells of them.
   */
  inTurn<T>({ tenantId, chain }: ClaimedJob, book: () => Promise<T>): Promise<T> {
    const key = `${tenantId} ${chain}`;
    const turn = (this.last.get(key) ?? Promise.resolve()).then(book, book);
    this.last.set(key, turn);
    return turn;
  }

  /**
   * The end of a job with its journals; null while no price of the coin is known: a job without
   * costs needs none. A guard says `REST_MOVED` when it has to be asked again.
   */
  async closing(
    job: ClaimedJob,
    status: 'done' | 'failed',
    gas: bigint,
  ): Promise<readonly Statement[] | null> {
    const { tenantId, id: jobId, chain } = job;
    if (gas === 0n) return [endJob(job, status, { gas, microUsd: 0n })];
    const price = await this.prices.of(chain);
    if (!price) return null;
    const microUsd = toMicroUsd(gas, NATIVE_COINS[chain].unitsPerCoin, price.value);
    const [found] = await this.database.read(tenantId, [
      sql`SELECT micro_usd FROM nft_gas_rests WHERE tenant_id = ${tenantId} AND blockchain = ${chain}`,
    ]);
    const seen = (found?.rows[0]?.micro_usd ?? null) as bigint | null;
    const { journals, restMicroUsd } = bookCost({
      jobId,
      chain,
      gas,
      microUsd,
      restMicroUsd: seen ?? 0n,
      businessDate: businessDate(this.clock.now(), 'UTC'),
    });
    return [
      endJob(job, status, { gas, microUsd }),
      ...journals.map((journal) => postJournal(tenantId, journal)),
      moveRest(job, seen, restMicroUsd),
    ];
  }
}

function moveRest({ tenantId, chain }: ClaimedJob, seen: bigint | null, rest: bigint): Statement {
  return sql`
    WITH moved AS (
      INSERT INTO nft_gas_rests AS r (tenant_id, blockchain, micro_usd)
      VALUES (${tenantId}, ${chain}, ${rest})
      ON CONFLICT (tenant_id, blockchain) DO UPDATE SET micro_usd = excluded.micro_usd
        WHERE r.micro_usd = ${seen}::bigint
      RETURNING r.tenant_id
    )
    SELECT guard((SELECT count(*) = 1 FROM moved), ${REST_MOVED})`;
}
