import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** How one payment of a cancelled event stands. */
export type CancelledPaymentStatus =
  'queued' | 'waiting_for_funds' | 'refunded' | 'nothing_due' | 'failed';

/** A payment to be given back, with what its job says. */
export interface CancelledPayment {
  readonly tenantId: Uuid;
  readonly eventId: Uuid;
  readonly paymentId: Uuid;
  readonly round: number;
  readonly reason: string | null;
  readonly refundFees: boolean;
  readonly requestedBy: Uuid;
}

/** Answers a row where the event was cancelled: nothing of it is sold any more. */
export function cancelledEvent(tenantId: Uuid, eventId: Uuid): Statement {
  return sql`SELECT 1 FROM event_cancellations
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId}`;
}

/** Violated when the event was cancelled before. */
export const CANCELLATION_KEY = 'event_cancellations_pkey';

/** An event is cancelled once: a second time is refused (23505 on `CANCELLATION_KEY`). */
export function insertCancellation(job: {
  readonly tenantId: Uuid;
  readonly eventId: Uuid;
  readonly venueId: Uuid;
  readonly reason: string | null;
  readonly refundFees: boolean;
  readonly requestedBy: Uuid;
}): Statement {
  return sql`INSERT INTO event_cancellations
      (tenant_id, event_id, venue_id, reason, refund_fees, requested_by)
    VALUES (${job.tenantId}, ${job.eventId}, ${job.venueId}, ${job.reason}, ${job.refundFees},
      ${job.requestedBy})`;
}

/** Lists payments that are not listed yet: those that were under way when the event was cancelled. */
export function listPaymentsOf(tenantId: Uuid, eventId: Uuid): Statement {
  return sql`INSERT INTO event_cancellation_payments (tenant_id, event_id, payment_id)
    SELECT tenant_id, event_id, id FROM payment_transactions
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId}
      AND status NOT IN ('PAYMENT_FAILED', 'CANCELLED', 'EXPIRED')
    ON CONFLICT DO NOTHING`;
}

/**
 * Ends a job with nothing left to do, a while after the cancellation: a sale that had been priced
 * before it has begun by then.
 */
export function endIfDone(tenantId: Uuid, eventId: Uuid, quietSeconds: number): Statement {
  return sql`UPDATE event_cancellations c
    SET status = 'completed', completed_at = now(), next_pass_at = NULL
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status = 'running'
      AND created_at < now() - make_interval(secs => ${quietSeconds})
      AND NOT EXISTS (SELECT FROM event_cancellation_payments p
        WHERE p.tenant_id = c.tenant_id AND p.event_id = c.event_id
          AND p.status IN ('queued', 'waiting_for_funds'))`;
}

/** Jobs whose payments are looked through again; a job is due again even if this process dies now. */
export const CLAIM_JOBS = sql`
  UPDATE event_cancellations SET next_pass_at = now() + interval '5 seconds'
  WHERE (tenant_id, event_id) IN (
    SELECT tenant_id, event_id FROM event_cancellations WHERE next_pass_at <= now()
    ORDER BY next_pass_at LIMIT ${20} FOR UPDATE SKIP LOCKED
  )
  RETURNING tenant_id, event_id`;

/** At most `limit` payments that are due: 2 s, 5 s, 15 s, 1 min, then every 5 min. */
export function claimPayments(limit: number): Statement {
  return sql`
    UPDATE event_cancellation_payments p SET attempts = p.attempts + 1,
      next_attempt_at = now() + retry_delay(least(p.attempts + 1, 5))
    FROM event_cancellations c
    WHERE (p.tenant_id, p.event_id, p.payment_id) IN (
      SELECT tenant_id, event_id, payment_id FROM event_cancellation_payments
      WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) AND c.tenant_id = p.tenant_id AND c.event_id = p.event_id
    RETURNING p.tenant_id, p.event_id, p.payment_id, p.round, c.reason, c.refund_fees, c.requested_by`;
}

export function parseCancelled(row: Readonly<Record<string, unknown>>): CancelledPayment {
  return {
    tenantId: row.tenant_id as Uuid,
    eventId: row.event_id as Uuid,
    paymentId: row.payment_id as Uuid,
    round: row.round as number,
    reason: row.reason as string | null,
    refundFees: row.refund_fees as boolean,
    requestedBy: row.requested_by as Uuid,
  };
}

/** Nothing more is done about this payment. */
export function endPayment(
  { tenantId, eventId, paymentId }: CancelledPayment,
  status: CancelledPaymentStatus,
  outcome: string | null,
  amountCents = 0,
): Statement {
  return sql`UPDATE event_cancellation_payments SET status = ${status}, outcome = ${outcome},
      amount_cents = ${amountCents}, next_attempt_at = NULL, updated_at = now()
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND payment_id = ${paymentId}`;
}

/**
 * Our account at the provider is short of money. Where it has refused the refund, the next round
 * asks anew, under another key; else it has it, and pays it when there is some.
 */
export function awaitFunds(
  { tenantId, eventId, paymentId }: CancelledPayment,
  askAnew: boolean,
): Statement {
  return sql`UPDATE event_cancellation_payments
    SET status = 'waiting_for_funds', outcome = 'balance_insufficient',
      round = round + ${askAnew ? 1 : 0}::integer, updated_at = now()
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND payment_id = ${paymentId}`;
}
