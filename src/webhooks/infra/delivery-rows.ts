import type { Uuid } from '../../kernel/ids.js';
import { currentTraceparent } from '../../kernel/observability/trace-context.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Attempt, Outcome } from '../domain/attempt.js';
import type { Delivery, DeliveryReport, DeliveryStatus } from '../domain/delivery.js';

type Row = Readonly<Record<string, unknown>>;

/** A message for one endpoint. */
export interface NewDelivery {
  readonly id: Uuid;
  readonly endpointId: Uuid;
  readonly eventId: Uuid;
  readonly eventType: string;
  readonly body: string;
  readonly correlationId: string | null;
  /** Not sent, only kept to be sent by hand; the endpoint is disabled. */
  readonly skipped: boolean;
}

/** An endpoint gets each event once. For the application's and the worker's transactions. */
export function insertDelivery(tenantId: Uuid, delivery: NewDelivery): Statement {
  const { id, endpointId, eventId, eventType, body, correlationId, skipped } = delivery;
  return sql`
    INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, body,
      correlation_id, traceparent, status, finished_at)
    VALUES (${tenantId}, ${id}, ${endpointId}, ${eventId}, ${eventType}, ${body}, ${correlationId},
      ${currentTraceparent() ?? null}, ${skipped ? 'skipped' : 'pending'},
      CASE WHEN ${skipped}::boolean THEN now() END)
    ON CONFLICT (tenant_id, endpoint_id, event_id) DO NOTHING`;
}

/** A delivery that this process alone may try until its lease ends. */
export interface ClaimedDelivery {
  readonly tenantId: Uuid;
  readonly id: Uuid;
  readonly endpointId: Uuid;
  readonly eventId: Uuid;
  readonly eventType: string;
  readonly body: string;
  readonly correlationId: string | null;
  readonly traceparent: string | null;
  /** Tries that failed since it was sent, or sent again. */
  readonly attempts: number;
  readonly totalAttempts: number;
  readonly leaseUntil: Date;
  /** Since it was sent, or sent again. */
  readonly pendingSince: Date;
}

export function claimedDelivery(row: Row): ClaimedDelivery {
  return {
    tenantId: row.tenant_id as Uuid,
    id: row.id as Uuid,
    endpointId: row.endpoint_id as Uuid,
    eventId: row.event_id as Uuid,
    eventType: row.event_type as string,
    body: row.body as string,
    correlationId: row.correlation_id as string | null,
    traceparent: row.traceparent as string | null,
    attempts: row.attempts as number,
    totalAttempts: row.total_attempts as number,
    leaseUntil: row.lease_until as Date,
    pendingSince: row.pending_since as Date,
  };
}

/** What the guard below says. */
export const LEASE_LOST = 'the lease of a webhook delivery has been lost';

/** How a claim ends. */
export interface Settlement {
  readonly status: DeliveryStatus;
  readonly tried: boolean;
  readonly error: string | null;
  /** Until the next try. */
  readonly seconds: number;
}

/** Up to a tenth later than asked, so that what failed together does not come back together. */
export function settleDelivery(claimed: ClaimedDelivery, settlement: Settlement): Statement {
  const { tenantId, id, leaseUntil } = claimed;
  const { status, tried, error, seconds } = settlement;
  const tries = tried ? 1 : 0;
  return sql`
    WITH settled AS (
      UPDATE webhook_deliveries SET status = ${status}, last_error = ${error}, lease_until = NULL,
        attempts = attempts + ${tries}::integer, total_attempts = total_attempts + ${tries}::integer,
        next_attempt_at = now() + make_interval(secs => ${seconds}::float8 * (1 + random() / 10)),
        finished_at = CASE WHEN ${status} <> 'pending' THEN now() END
      WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'pending'
        AND lease_until = ${leaseUntil}
      RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM settled), ${LEASE_LOST})`;
}

export function insertAttempt(
  { tenantId, id, totalAttempts }: ClaimedDelivery,
  { startedAt, durationMs, outcome, httpStatus, error, answerExcerpt }: Attempt,
): Statement {
  return sql`
    INSERT INTO webhook_delivery_attempts (tenant_id, delivery_id, attempt, started_at,
      duration_ms, outcome, http_status, error, answer_excerpt)
    VALUES (${tenantId}, ${id}, ${totalAttempts + 1}, ${startedAt}, ${durationMs}, ${outcome},
      ${httpStatus}, ${error}, ${answerExcerpt})`;
}

/** What the tenant may ask of its log. */
export interface DeliveryFilter {
  readonly endpointId?: Uuid;
  readonly status?: DeliveryStatus;
  readonly eventType?: string;
  /** The previous page's `nextCursor`. */
  readonly before?: Uuid;
  readonly limit: number;
}

/** Newest first, one more than asked for. */
export function deliveriesReading(tenantId: Uuid, filter: DeliveryFilter): Statement {
  const { endpointId, status, eventType, before, limit } = filter;
  return sql`
    SELECT * FROM webhook_deliveries
    WHERE tenant_id = ${tenantId}::uuid
      AND (${endpointId}::uuid IS NULL OR endpoint_id = ${endpointId})
      AND (${status}::text IS NULL OR status = ${status})
      AND (${eventType}::text IS NULL OR event_type = ${eventType})
      AND (${before}::uuid IS NULL OR id < ${before})
    ORDER BY id DESC LIMIT ${limit + 1}::integer`;
}

export function deliveryReading(tenantId: Uuid, id: Uuid): Statement[] {
  return [
    sql`SELECT * FROM webhook_deliveries WHERE tenant_id = ${tenantId} AND id = ${id}`,
    sql`SELECT * FROM webhook_delivery_attempts
      WHERE tenant_id = ${tenantId} AND delivery_id = ${id} ORDER BY attempt`,
  ];
}

export function deliveryOf(row: Row): Delivery {
  return {
    id: row.id as Uuid,
    endpointId: row.endpoint_id as Uuid,
    eventId: row.event_id as Uuid,
    eventType: row.event_type as string,
    status: row.status as DeliveryStatus,
    attempts: row.total_attempts as number,
    nextAttemptAt: row.status === 'pending' ? (row.next_attempt_at as Date) : null,
    lastError: row.last_error as string | null,
    createdAt: row.created_at as Date,
    finishedAt: row.finished_at as Date | null,
  };
}

export function reportOf(row: Row, attempts: readonly Row[]): DeliveryReport {
  const log = attempts.map((attempt) => ({
    attempt: attempt.attempt as number,
    outcome: attempt.outcome as Outcome,
    startedAt: attempt.started_at as Date,
    durationMs: attempt.duration_ms as number,
    httpStatus: attempt.http_status as number | null,
    error: attempt.error as string | null,
    answerExcerpt: attempt.answer_excerpt as string | null,
  }));
  return { ...deliveryOf(row), body: row.body as string, log };
}
