import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { isAdmin, type Principal } from '../../kernel/auth/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { DisputeSummary } from '../domain/dispute-views.js';
import { type DisputeFilter, listDisputes, parseDisputes } from '../infra/dispute-rows.js';

export interface DisputePage {
  readonly disputes: readonly DisputeSummary[];
  /** For the next page; null on the last one. */
  readonly nextCursor: Uuid | null;
}

/** Disputes, newest first: those of the venues the caller acts for, an administrator's tenant's. */
export class ListDisputes extends Query<DisputePage> {
  constructor(
    readonly principal: Principal,
    readonly filter: DisputeFilter,
  ) {
    super();
  }
}

@QueryHandler(ListDisputes)
export class ListDisputesHandler implements IQueryHandler<ListDisputes> {
  constructor(private readonly database: Database) {}

  async execute({ principal, filter }: ListDisputes): Promise<DisputePage> {
    const { tenantId } = principal;
    const venues = isAdmin(principal) ? null : principal.venues;
    const [found] = await this.database.read(tenantId, [listDisputes(tenantId, venues, filter)]);
    const all = parseDisputes(found);
    const disputes = all.slice(0, filter.limit);
    const more = all.length > filter.limit;
    return { disputes, nextCursor: more ? (disputes.at(-1)?.id ?? null) : null };
  }
}
