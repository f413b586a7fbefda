import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import {
  accountOf,
  accountsReading,
  type ProviderAccount,
} from '../infra/provider-account-rows.js';

/** A tenant's accounts at providers, the latest first; there are a hundred at most. */
export class ListProviderAccounts extends Query<readonly ProviderAccount[]> {
  constructor(readonly tenantId: Uuid) {
    super();
  }
}

@QueryHandler(ListProviderAccounts)
export class ListProviderAccountsHandler implements IQueryHandler<ListProviderAccounts> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId }: ListProviderAccounts): Promise<readonly ProviderAccount[]> {
    const [found] = await this.database.read(tenantId, [accountsReading(tenantId)]);
    return (found?.rows ?? []).map(accountOf);
  }
}
