import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { type RecordedRun, runOf } from '../infra/run-rows.js';

export interface RunPage {
  readonly runs: readonly RecordedRun[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** A tenant's runs, the latest request first; `before` is the previous page's `nextCursor`. */
export class ListRuns extends Query<RunPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly page: { readonly before?: Uuid; readonly limit: number },
  ) {
    super();
  }
}

@QueryHandler(ListRuns)
export class ListRunsHandler implements IQueryHandler<ListRuns> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, page: { before, limit } }: ListRuns): Promise<RunPage> {
    const [found] = await this.database.read(tenantId, [
      sql`
        SELECT * FROM reconciliation_runs
        WHERE tenant_id = ${tenantId} AND (${before}::uuid IS NULL OR (requested_at, id) < (
          SELECT requested_at, id FROM reconciliation_runs
          WHERE tenant_id = ${tenantId} AND id = ${before}::uuid))
        ORDER BY requested_at DESC, id DESC LIMIT ${limit + 1}::integer`,
    ]);
    const rows = found?.rows ?? [];
    const runs = rows.slice(0, limit).map(runOf);
    const last = runs.at(-1);
    return rows.length > limit && last ? { runs, nextCursor: last.id } : { runs };
  }
}
