import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Journal } from '../domain/journal.js';

/**
 * Writes a journal, its entries and any account seen for the first time, in one statement: the
 * database refuses it unless it sums to zero. A journal id that exists already is refused (23505).
 */
export function postJournal(tenantId: Uuid, journal: Journal): Statement {
  const { postings } = journal;
  return sql`
    WITH lines AS (
      SELECT * FROM unnest(
        ${postings.map((p) => p.account)}::text[],
        ${postings.map((p) => p.code)}::text[],
        ${postings.map((p) => p.amount)}::bigint[]
      ) WITH ORDINALITY AS l (account, code, amount_cents, line)
    ), opened AS (
      INSERT INTO ledger_accounts (tenant_id, account)
        SELECT DISTINCT ${tenantId}::uuid, l.account FROM lines l
        WHERE NOT EXISTS (SELECT FROM ledger_accounts a
          WHERE a.tenant_id = ${tenantId}::uuid AND a.account = l.account)
      ON CONFLICT DO NOTHING
    ), head AS (
      INSERT INTO ledger_journals (tenant_id, id, kind, reference_id)
        VALUES (${tenantId}::uuid, ${journal.id}::uuid, ${journal.kind}, ${journal.referenceId}::uuid)
    )
    INSERT INTO ledger_entries
      (tenant_id, journal_id, line, account, code, currency, amount_cents, business_date)
    SELECT ${tenantId}::uuid, ${journal.id}::uuid, line, account, code, ${journal.currency},
      amount_cents, ${journal.businessDate}::date
    FROM lines`;
}
