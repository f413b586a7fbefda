import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { AccountName } from '../domain/accounts.js';
import type { Journal } from '../domain/journal.js';
import { postJournal } from './post-journal.js';

/**
 * Which line of a journal is taken from where: the debit called `code` falls on the accounts `from`
 * in turn, each as far as its credit reaches, and only what none of them has stays on the line's
 * own account. Drawings under one `lock` wait for each other, so that no cent is drawn twice.
 */
export interface Draw {
  readonly code: string;
  readonly from: readonly AccountName[];
  readonly lock: string;
}

/** As `postJournal`, with one debit spread over the accounts that can bear it. */
export function postDrawingJournal(tenantId: Uuid, journal: Journal, draw: Draw): Statement[] {
  const { postings } = journal;
  const drawn = postings.findIndex(({ code, amount }) => code === draw.code && amount > 0n) + 1;
  if (drawn === 0) return [postJournal(tenantId, journal)];
  return [
    // A statement of its own: what follows reads the books after the lock is held.
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${tenantId} ${draw.lock}`}, 0))`,
    sql`
    WITH asked AS (
      SELECT * FROM unnest(
        ${postings.map((p) => p.account)}::text[],
        ${postings.map((p) => p.code)}::text[],
        ${postings.map((p) => p.amount)}::bigint[]
      ) WITH ORDINALITY AS l (account, code, amount_cents, place)
    ), lines AS (
      SELECT account, code, amount_cents, row_number() OVER (ORDER BY place, nth) AS line FROM (
        SELECT account, code, amount_cents, place, 0::bigint AS nth FROM asked
          WHERE place <> ${drawn}::bigint
        UNION ALL
        SELECT d.account, a.code, d.cents, a.place, d.nth FROM asked a,
          LATERAL ledger_draw(${tenantId}::uuid, ${[...draw.from]}::text[], a.account,
            ${journal.currency}, a.amount_cents) d
          WHERE a.place = ${drawn}::bigint
      ) spread
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
    FROM lines`,
  ];
}
