import { Injectable } from '@nestjs/common';
import { businessDate } from '../../kernel/business-date.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { postDrawingJournal, postJournal } from '../../ledger/ledger.contract.js';
import { disputeIdOf, disputeJournalId } from '../../payments/payments.contract.js';
import {
  type Cost,
  type CostBearing,
  costJournal,
  type CostPosting,
  disputeOf,
  isCost,
} from '../domain/cost-journal.js';
import type { Difference } from '../domain/difference.js';

/** Journals a transaction. */
const BATCH = 100;

/** Books what the provider takes for charges and disputes, from its own lines. */
@Injectable()
export class Costs {
  constructor(private readonly database: Database) {}

  /** Answers how many journals were posted; one that is there already is not posted again. */
  async book(
    tenantId: Uuid,
    provider: string,
    differences: readonly Difference[],
    now: Date,
  ): Promise<number> {
    const costs = differences.filter(isCost);
    let booked = 0;
    for (let first = 0; first < costs.length; first += BATCH) {
      const batch = costs.slice(first, first + BATCH);
      const costed = await this.drawUp(tenantId, provider, batch, now);
      booked += await this.post(
        tenantId,
        costed.filter(({ draw }) => !draw),
      );
      // One drawing does not see what another one of its own transaction has drawn.
      for (const drawn of costed) if (drawn.draw) booked += await this.post(tenantId, [drawn]);
    }
    return booked;
  }

  private async drawUp(
    tenantId: Uuid,
    provider: string,
    costs: readonly Cost[],
    now: Date,
  ): Promise<CostPosting[]> {
    const payments = costs.map(({ paymentId }) => paymentId);
    const [found, journals] = await this.database.read(tenantId, [
      bearingReading(tenantId, payments),
      disputesReading(tenantId, costs),
    ]);
    const bearings = new Map((found?.rows ?? []).map((row) => bearingOf(row, now)));
    const posted = new Set((journals?.rows ?? []).map(({ id }) => id as Uuid));
    return costs.flatMap((cost) => {
      const bearing = bearings.get(cost.paymentId);
      const fee = feeOf(cost);
      // Payments post a fee that they know of when the dispute opens: never before, and not twice.
      const settled = fee !== null && (!posted.has(fee.opened) || posted.has(fee.id));
      return bearing && !settled ? [costJournal(cost, bearing, provider, fee?.id)] : [];
    });
  }

  /** All at once; where somebody was faster with one of them, each by itself. */
  private async post(tenantId: Uuid, costs: readonly CostPosting[]): Promise<number> {
    if (costs.length === 0) return 0;
    try {
      await this.database.transact(
        tenantId,
        costs.flatMap((cost) => posting(tenantId, cost)),
      );
      return costs.length;
    } catch (error) {
      if (!failedWith(error, SQLSTATE.uniqueViolation)) throw error;
    }
    if (costs.length === 1) return 0;
    let booked = 0;
    for (const cost of costs) booked += await this.post(tenantId, [cost]);
    return booked;
  }
}

function posting(tenantId: Uuid, { journal, draw }: CostPosting): Statement[] {
  return draw ? postDrawingJournal(tenantId, journal, draw) : [postJournal(tenantId, journal)];
}

/** The journals that a cost follows and is, where it is a dispute's fee. */
function feeOf(cost: Cost): { readonly id: Uuid; readonly opened: Uuid } | null {
  const reference = disputeOf(cost);
  if (reference === null) return null;
  const id = disputeIdOf(cost.paymentId, reference);
  return { id: disputeJournalId(id, 'fee'), opened: disputeJournalId(id, 'opened') };
}

/** Which journals of the disputes are posted whose fees are among the costs. */
function disputesReading(tenantId: Uuid, costs: readonly Cost[]): Statement {
  const ids = costs.map(feeOf).flatMap((fee) => (fee ? [fee.id, fee.opened] : []));
  return sql`SELECT id FROM ledger_journals
    WHERE tenant_id = ${tenantId} AND id = ANY(${ids}::uuid[])`;
}

/** The sale as it was when the payment began. */
function bearingReading(tenantId: Uuid, payments: readonly string[]): Statement {
  return sql`
    SELECT payment_id, payload#>>'{sale,venueId}' AS venue_id,
      payload#>>'{sale,price,payers,processingFee}' AS payer,
      payload#>>'{sale,event,timezone}' AS timezone
    FROM payment_event_sequence
    WHERE tenant_id = ${tenantId} AND payment_id = ANY(${[...payments]}::uuid[])
      AND sequence_number = 1 AND event_type = 'payment.initiated'`;
}

function bearingOf(
  row: Readonly<Record<string, unknown>>,
  now: Date,
): [paymentId: string, bearing: CostBearing] {
  const bearing = {
    venueId: row.venue_id as string,
    payer: row.payer as CostBearing['payer'],
    businessDate: businessDate(now, row.timezone as string),
  };
  return [row.payment_id as string, bearing];
}
