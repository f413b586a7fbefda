import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { type Mint, type MintFilter, mintOf, mintsReading } from '../infra/mint-rows.js';

export interface MintPage {
  readonly mints: readonly Mint[];
  /** The page's last ticket; absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** The tenant's tickets on their way to a chain, or there, the newest first. */
export class ListMints extends Query<MintPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly filter: MintFilter,
  ) {
    super();
  }
}

@QueryHandler(ListMints)
export class ListMintsHandler implements IQueryHandler<ListMints> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, filter }: ListMints): Promise<MintPage> {
    const [found] = await this.database.read(tenantId, [mintsReading(tenantId, filter)]);
    const all = (found?.rows ?? []).map(mintOf);
    const mints = all.slice(0, filter.limit);
    const last = mints.at(-1);
    return all.length > filter.limit && last ? { mints, nextCursor: last.ticketId } : { mints };
  }
}
