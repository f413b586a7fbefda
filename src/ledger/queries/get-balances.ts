import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { type Cents, toCents } from '../../kernel/money/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { AccountName } from '../domain/accounts.js';

/** Signed cents: a debit balance is positive, a credit balance (what we owe) negative. */
export interface Balance {
  readonly account: string;
  readonly currency: string;
  readonly balance: Cents;
}

export interface BalanceReading {
  readonly balances: readonly Balance[];
  /** The reading is final for every instant up to this one: no running transaction can change it. */
  readonly exactUpTo: Date;
}

/** The balances of named accounts, now or at a past instant. Accounts without entries are absent. */
export class GetBalances extends Query<BalanceReading> {
  constructor(
    readonly tenantId: Uuid,
    readonly accounts: readonly AccountName[],
    readonly at?: Date,
  ) {
    super();
  }
}

@QueryHandler(GetBalances)
export class GetBalancesHandler implements IQueryHandler<GetBalances> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, accounts, at }: GetBalances): Promise<BalanceReading> {
    const [sums, watermark] = await this.database.read(tenantId, [
      at ? sumsAt(tenantId, accounts, at) : sumsNow(tenantId, accounts),
      EXACT_UP_TO,
    ]);
    const exactUpTo = (watermark?.rows[0]?.exact_up_to ?? new Date(0)) as Date;
    return {
      balances: (sums?.rows ?? []).map((row) => ({
        account: row.account as string,
        currency: row.currency as string,
        balance: toCents(row.balance as bigint),
      })),
      exactUpTo: at && at < exactUpTo ? at : exactUpTo,
    };
  }
}

function sumsNow(tenantId: Uuid, accounts: readonly AccountName[]): Statement {
  return sql`
    SELECT account, currency, sum(cents)::bigint AS balance FROM (
      SELECT account, currency, balance_cents AS cents FROM ledger_balances
        WHERE tenant_id = ${tenantId} AND account = ANY(${[...accounts]}::text[])
      UNION ALL
      SELECT account, currency, amount_cents FROM ledger_entries
        WHERE tenant_id = ${tenantId} AND account = ANY(${[...accounts]}::text[])
          AND tx_id BETWEEN (SELECT tx_id FROM ledger_watermark)
            AND pg_snapshot_xmax(pg_current_snapshot())
          AND epoch = (SELECT epoch FROM ledger_watermark)
    ) parts GROUP BY account, currency ORDER BY account, currency`;
}

function sumsAt(tenantId: Uuid, accounts: readonly AccountName[], at: Date): Statement {
  return sql`
    SELECT account, currency, sum(amount_cents)::bigint AS balance FROM ledger_entries
    WHERE tenant_id = ${tenantId} AND account = ANY(${[...accounts]}::text[])
      AND posted_at <= ${at}::timestamptz
    GROUP BY account, currency ORDER BY account, currency`;
}

/**
 * An entry is stamped after its transaction got its id, so one stamped before a checkpoint has an
 * id below the checkpoint's next one; once all those ids are finished, the past is complete.
 */
const EXACT_UP_TO = sql`
  SELECT max(c.taken_at) AS exact_up_to FROM ledger_watermark w
  JOIN ledger_checkpoints c ON c.epoch = w.epoch
  WHERE c.next_tx_id <= pg_snapshot_xmin(pg_current_snapshot())`;
