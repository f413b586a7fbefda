import type { Uuid } from '../../kernel/ids.js';
import { type Cents, toCents } from '../../kernel/money/index.js';
import { asDatabaseError, failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { account, monthToDate } from '../../ledger/ledger.contract.js';
import type { BusinessDate } from '../../kernel/business-date.js';
import type { FeeTier } from '../domain/fee-schedule.js';

/** The code of the ledger line that a captured purchase's tickets are credited on. */
export const TICKETS_CODE = 'tickets';

const MOVED = 'fee_tier';

/**
 * Reads, for a sale about to be decided, the venue's gross captured in the month of `businessDate`;
 * `parseTierReading` tells it. Gross: only captures write lines called `tickets` on the venue's
 * pending account, and what is given back is written under other codes, so the sum only grows.
 */
export function tierReading(
  tenantId: Uuid,
  venueId: Uuid,
  currency: string,
  businessDate: BusinessDate,
): Statement {
  const pending = account.venue(venueId, 'pending');
  return monthToDate(tenantId, pending, TICKETS_CODE, currency, businessDate);
}

/** The gross in cents that the rows of `tierReading` tell. */
export function parseTierReading(rows: readonly Readonly<Record<string, unknown>>[]): Cents {
  return toCents((rows[0]?.credited_cents ?? 0n) as bigint);
}

/**
 * Added to a sale's first transaction: stops it (`isTierMoved`) when the venue is not in `tier` any
 * more, so that the sale is read and decided again. This defines the tier of a sale: the one by the
 * gross captured in transactions that committed before this statement ran. Of two sales in flight
 * at a border neither has captured, so neither counts for the other; a capture that has committed
 * counts for every sale that begins after it, in whichever process.
 */
export function tierGuard(
  tenantId: Uuid,
  venueId: Uuid,
  currency: string,
  businessDate: BusinessDate,
  { from, below }: Pick<FeeTier, 'from' | 'below'>,
): Statement {
  const reading = tierReading(tenantId, venueId, currency, businessDate);
  const bounds = reading.values.length;
  // A range, not two comparisons: PostgreSQL would sum the ledger once for each.
  return {
    text: `SELECT guard(int8range($${bounds + 1}, $${bounds + 2}) @> credited_cents, '${MOVED}')
      FROM (${reading.text}) month_to_date`,
    name: `${MOVED}:${reading.name}`,
    values: [...reading.values, from, below],
  };
}

/** Did `tierGuard` stop the transaction? */
export function isTierMoved(error: unknown): boolean {
  return failedWith(error, SQLSTATE.guardFailed) && asDatabaseError(error)?.detail === MOVED;
}
