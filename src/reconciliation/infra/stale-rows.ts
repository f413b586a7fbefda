import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { EXPIRY } from '../../payments/payments.contract.js';
import { type Orphan, type Stale, STUCK_SECONDS, type StuckEvent } from '../domain/stale.js';

const METHODS = Object.keys(EXPIRY);
const SECONDS = Object.values(EXPIRY).map(({ actionSeconds }) => actionSeconds);
/** Of refunds, captures and voids: the provider answers these at once. */
const OPERATION_SECONDS = 15 * 60;
/** What one run can do something about; the rest waits for the next. */
const LIMIT = 500;

/** Charges, refunds and operations without an outcome, for longer than their method allows. */
export function staleReading(tenantId: Uuid): Statement {
  return sql`
    SELECT 'payment' AS what, p.id, p.id AS payment_id, p.status, p.amount_charged_cents AS cents,
      p.currency, p.created_at AS since
    FROM payment_transactions p
    JOIN unnest(${METHODS}::text[], ${SECONDS}::integer[]) AS m (method, seconds)
      ON m.method = p.method
    WHERE p.tenant_id = ${tenantId}
      AND p.status IN ('PENDING', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION')
      AND p.created_at < now() - make_interval(secs => m.seconds)
    UNION ALL
    SELECT 'refund', r.id, r.transaction_id, r.status, r.amount, r.currency, r.created_at
    FROM payment_refunds r
    WHERE r.tenant_id = ${tenantId} AND r.status = 'pending'
      AND r.created_at < now() - make_interval(secs => ${OPERATION_SECONDS})
    UNION ALL
    SELECT 'operation', o.id, o.payment_id, o.status, coalesce(o.amount_cents, i.amount),
      i.currency, o.created_at
    FROM payment_operations o JOIN payment_intents i USING (tenant_id, payment_id)
    WHERE o.tenant_id = ${tenantId} AND o.status = 'open'
      AND o.created_at < now() - make_interval(secs => ${OPERATION_SECONDS})
    ORDER BY since LIMIT ${LIMIT}`;
}

export function stalesOf(result: Result | undefined): Stale[] {
  return (result?.rows ?? []).map((row) => ({
    what: row.what as Stale['what'],
    id: row.id as string,
    paymentId: row.payment_id as string,
    status: row.status as string,
    cents: row.cents as bigint,
    currency: row.currency as string,
    since: row.since as Date,
  }));
}

/** Events that nobody is delivering, though they should have left long ago. */
export function stuckReading(tenantId: Uuid): Statement {
  return sql`
    SELECT event_id, event_type, attempts, created_at FROM outbox
    WHERE tenant_id = ${tenantId} AND processed_at IS NULL
      AND created_at < now() - make_interval(secs => ${STUCK_SECONDS})
    ORDER BY created_at LIMIT ${LIMIT}`;
}

export function stuckOf(result: Result | undefined): StuckEvent[] {
  return (result?.rows ?? []).map((row) => ({
    id: row.event_id as string,
    type: row.event_type as string,
    attempts: row.attempts as number,
    since: row.created_at as Date,
  }));
}

/**
 * Payments whose buyer has paid, with no ticket sold for it or one that was not. Money that came too
 * late has no tickets, and is on its way back.
 */
export function orphansReading(tenantId: Uuid): Statement {
  return sql`
    SELECT p.id, p.status, p.captured_cents AS cents, p.currency, p.created_at AS since
    FROM payment_transactions p
    LEFT JOIN (
      SELECT payment_id, bool_and(status NOT IN ('held', 'released')) AS all_sold FROM tickets
      WHERE tenant_id = ${tenantId} GROUP BY payment_id
    ) t ON t.payment_id = p.id
    WHERE p.tenant_id = ${tenantId} AND p.status IN ('PAID', 'PARTIALLY_REFUNDED', 'DISPUTED')
      AND t.all_sold IS NOT TRUE AND NOT EXISTS (SELECT FROM ledger_journals j
        WHERE j.tenant_id = p.tenant_id AND j.reference_id = p.id AND j.kind = 'late_charge')
    ORDER BY p.id LIMIT ${LIMIT}`;
}

export function orphansOf(result: Result | undefined): Orphan[] {
  return (result?.rows ?? []).map((row) => ({
    paymentId: row.id as string,
    status: row.status as string,
    cents: row.cents as bigint,
    currency: row.currency as string,
    since: row.since as Date,
  }));
}
