import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { type Mint, mintOf, mintReading } from '../infra/mint-rows.js';
import { TicketChains } from '../infra/ticket-chains.js';

/** A transaction that was signed, or is to be, for a ticket's token. */
export interface MintTransaction {
  readonly hash: string | null;
  readonly explorerUrl: string | null;
  readonly status: string;
  readonly nonce: number | null;
  /** wei or lamports, for all tickets of the transaction */
  readonly gas: bigint | null;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export interface MintDetails {
  readonly mint: Mint;
  /** Of the job that minted it, the oldest first. */
  readonly transactions: readonly MintTransaction[];
}

/** A ticket's token with every transaction of its mint. Refuses NOT_FOUND. */
export class GetMint extends Query<MintDetails | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly id: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetMint)
export class GetMintHandler implements IQueryHandler<GetMint> {
  constructor(
    private readonly database: Database,
    private readonly chains: TicketChains,
  ) {}

  async execute({ tenantId, id }: GetMint): Promise<MintDetails | Refusal> {
    const [found, tries] = await this.database.read(tenantId, [
      mintReading(tenantId, id),
      sql`SELECT t.* FROM nft_transactions t JOIN nft_mint_queue q
          ON q.tenant_id = t.tenant_id AND q.mint_batch_id = t.batch_id
            AND q.ticket_id = ANY(t.ticket_ids)
        WHERE q.tenant_id = ${tenantId} AND q.id = ${id} ORDER BY t.try`,
    ]);
    const mint = found?.rows[0] && mintOf(found.rows[0]);
    if (!mint) return refuse('NOT_FOUND', 'There is no such mint');
    const chain = await this.chains.of(mint.blockchain);
    const linkTo = (hash: string | null) => (hash === null ? null : (chain?.linkTo(hash) ?? null));
    const transactions = (tries?.rows ?? []).map((row): MintTransaction => {
      const hash = row.hash as string | null;
      return {
        hash,
        explorerUrl: linkTo(hash),
        status: row.status as string,
        nonce: row.nonce === null ? null : Number(row.nonce),
        gas: row.gas === null ? null : BigInt(row.gas as string),
        error: row.error as string | null,
        createdAt: row.created_at as Date,
        finishedAt: row.finished_at as Date | null,
      };
    });
    return { mint, transactions };
  }
}
