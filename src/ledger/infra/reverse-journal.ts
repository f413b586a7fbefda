import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';

export interface Reversal {
  /** The journal to undo. */
  readonly journalId: Uuid;
  /** Of the reversal itself. */
  readonly id: Uuid;
  readonly kind: string;
  /** The day at the venue, `YYYY-MM-DD`. */
  readonly businessDate: string;
}

/**
 * Posts the opposite of a journal, entry by entry, on the accounts it was posted to; history itself
 * never changes. Nothing is posted where there is no such journal.
 */
export function reverseJournal(tenantId: Uuid, reversal: Reversal): Statement {
  const { journalId, id, kind, businessDate } = reversal;
  return sql`
    WITH head AS (
      INSERT INTO ledger_journals (tenant_id, id, kind, reference_id)
        SELECT tenant_id, ${id}::uuid, ${kind}, reference_id FROM ledger_journals
        WHERE tenant_id = ${tenantId}::uuid AND id = ${journalId}::uuid
    )
    INSERT INTO ledger_entries
      (tenant_id, journal_id, line, account, code, currency, amount_cents, business_date)
    SELECT tenant_id, ${id}::uuid, line, account, code, currency, -amount_cents,
      ${businessDate}::date
    FROM ledger_entries WHERE tenant_id = ${tenantId}::uuid AND journal_id = ${journalId}::uuid`;
}
