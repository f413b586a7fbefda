import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { tokenMetadata, type TokenMetadata } from '../domain/metadata.js';

/** What anybody may know of a token, whoever's it is. Refuses NOT_FOUND. */
export class GetMetadata extends Query<TokenMetadata | Refusal> {
  constructor(readonly tokenId: string) {
    super();
  }
}

@QueryHandler(GetMetadata)
export class GetMetadataHandler implements IQueryHandler<GetMetadata> {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'platform'>,
  ) {}

  async execute({ tokenId }: GetMetadata): Promise<TokenMetadata | Refusal> {
    // Asked for in nobody's name: the function knows the tokens of all tenants, and tells little.
    const [found] = await this.database.read(this.config.platform.tenantId, [
      sql`SELECT * FROM nft_token_facts(${tokenId})`,
    ]);
    const row = found?.rows[0];
    if (!row) return refuse('NOT_FOUND', 'There is no such token');
    const startsAt = row.event_starts_at as Date | null;
    return tokenMetadata({
      name: row.name as string,
      eventName: row.event_name as string,
      startsAt: startsAt?.toISOString() ?? null,
      blockchain: row.blockchain as string,
      revoked: row.revoked as boolean,
    });
  }
}
