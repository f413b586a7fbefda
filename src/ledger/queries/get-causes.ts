import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { type Cents, toCents } from '../../kernel/money/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import type { AccountName } from '../domain/accounts.js';

/** What one journal did to one account; signed cents, a debit positive. */
export interface BalanceCause {
  readonly journalId: Uuid;
  readonly kind: string;
  /** The payment (or other thing) that the journal is about. */
  readonly referenceId: Uuid;
  readonly account: string;
  readonly amount: Cents;
  /** Over all the accounts asked for, this cause included. */
  readonly runningTotal: bigint;
  readonly at: Date;
  /** Its place in the order, from 1. */
  readonly place: number;
}

export interface CausesReading {
  readonly causes: readonly BalanceCause[];
  /** Of all causes up to the instant, not only of this page. */
  readonly total: bigint;
  readonly hasMore: boolean;
}

/** Which causes: of accounts in one currency up to `at`, those behind place `after`. */
export interface CausesAsked {
  readonly accounts: readonly AccountName[];
  readonly currency: string;
  readonly at: Date;
  readonly after: number;
  readonly limit: number;
}

/** Everything that made the balance of accounts what it was at an instant, oldest first. */
export class GetCauses extends Query<CausesReading> {
  constructor(
    readonly tenantId: Uuid,
    readonly asked: CausesAsked,
  ) {
    super();
  }
}

@QueryHandler(GetCauses)
export class GetCausesHandler implements IQueryHandler<GetCauses> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, asked }: GetCauses): Promise<CausesReading> {
    const { accounts, currency, at, after, limit } = asked;
    const [found, summed] = await this.database.read(tenantId, [
      sql`
        WITH causes AS (
          SELECT journal_id, account, sum(amount_cents)::bigint AS amount, min(posted_at) AS at
          FROM ledger_entries
          WHERE tenant_id = ${tenantId} AND account = ANY(${[...accounts]}::text[])
            AND currency = ${currency} AND posted_at <= ${at}::timestamptz
          GROUP BY journal_id, account
        ), placed AS (
          SELECT *, row_number() OVER w AS place, (sum(amount) OVER w)::bigint AS running
          FROM causes WINDOW w AS (ORDER BY at, journal_id, account)
        )
        SELECT p.*, j.kind, j.reference_id FROM placed p
        JOIN ledger_journals j ON j.tenant_id = ${tenantId} AND j.id = p.journal_id
        WHERE p.place > ${after}::bigint ORDER BY p.place LIMIT ${limit + 1}::integer`,
      sql`
        SELECT coalesce(sum(amount_cents), 0)::bigint AS total FROM ledger_entries
        WHERE tenant_id = ${tenantId} AND account = ANY(${[...accounts]}::text[])
          AND currency = ${currency} AND posted_at <= ${at}::timestamptz`,
    ]);
    const rows = found?.rows ?? [];
    return {
      causes: rows.slice(0, limit).map(causeOf),
      total: (summed?.rows[0]?.total ?? 0n) as bigint,
      hasMore: rows.length > limit,
    };
  }
}

function causeOf(row: Readonly<Record<string, unknown>>): BalanceCause {
  return {
    journalId: row.journal_id as Uuid,
    kind: row.kind as string,
    referenceId: row.reference_id as Uuid,
    account: row.account as string,
    amount: toCents(row.amount as bigint),
    runningTotal: row.running as bigint,
    at: row.at as Date,
    place: Number(row.place),
  };
}
