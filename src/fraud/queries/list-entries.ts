import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { ListEntry } from '../domain/list-entry.js';
import { entriesReading, entryOf, type ListFilter } from '../infra/list-rows.js';

export interface EntryPage {
  readonly entries: readonly ListEntry[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** Who is on the tenant's block and allow lists, the latest entry first. */
export class ListEntries extends Query<EntryPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly filter: ListFilter,
  ) {
    super();
  }
}

@QueryHandler(ListEntries)
export class ListEntriesHandler implements IQueryHandler<ListEntries> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, filter }: ListEntries): Promise<EntryPage> {
    const [found] = await this.database.read(tenantId, [entriesReading(tenantId, filter)]);
    const all = (found?.rows ?? []).map(entryOf);
    const entries = all.slice(0, filter.limit);
    const last = entries.at(-1);
    return all.length > filter.limit && last ? { entries, nextCursor: last.id } : { entries };
  }
}
