import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { type Cents, toCents } from '../../kernel/money/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';

/** A journal as it stands in the book, its lines in order. */
export interface PostedJournal {
  readonly id: Uuid;
  readonly kind: string;
  readonly postedAt: Date;
  readonly currency: string;
  readonly postings: readonly { account: string; code: string; amount: Cents }[];
}

/** Every journal that one payment, refund or other cause has moved money by, oldest first. */
export class GetJournals extends Query<readonly PostedJournal[]> {
  constructor(
    readonly tenantId: Uuid,
    readonly referenceId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetJournals)
export class GetJournalsHandler implements IQueryHandler<GetJournals> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, referenceId }: GetJournals): Promise<readonly PostedJournal[]> {
    const [result] = await this.database.read(tenantId, [
      sql`SELECT j.id, j.kind, j.posted_at, min(e.currency) AS currency,
          json_agg(json_build_array(e.account, e.code, e.amount_cents) ORDER BY e.line) AS lines
        FROM ledger_journals j JOIN ledger_entries e
          ON e.tenant_id = j.tenant_id AND e.journal_id = j.id
        WHERE j.tenant_id = ${tenantId} AND j.reference_id = ${referenceId}
        GROUP BY j.id, j.kind, j.posted_at ORDER BY j.posted_at, j.id`,
    ]);
    return (result?.rows ?? []).map((row) => ({
      id: row.id as Uuid,
      kind: row.kind as string,
      postedAt: row.posted_at as Date,
      currency: row.currency as string,
      postings: (row.lines as [string, string, number][]).map(([account, code, amount]) => ({
        account,
        code,
        amount: toCents(amount),
      })),
    }));
  }
}
