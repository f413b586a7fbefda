import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { AccountName } from '../domain/accounts.js';

/**
 * Reads what was credited to `account` on lines called `code` in the month of `businessDate`, as
 * `credited_cents` (positive), from the roll-up and the entries behind its watermark: exact for
 * the transaction's snapshot.
 */
export function monthToDate(
  tenantId: Uuid,
  account: AccountName,
  code: string,
  currency: string,
  businessDate: string,
): Statement {
  return sql`SELECT ledger_month_to_date(
    ${tenantId}, ${account}, ${code}, ${currency}, ${businessDate}::date) AS credited_cents`;
}
