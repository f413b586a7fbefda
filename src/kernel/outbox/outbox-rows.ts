import type { Uuid } from '../ids.js';
import type { Result } from '../postgres/pipeline.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { IntegrationEvent, JsonObject } from './integration-event.js';

/** Rejections after which an event is a dead letter (Payment service spec, Outbox Pattern). */
const MAX_REJECTIONS = 5;

/** How many events a pass takes; the claim's LIMIT is literal so that its plan never changes. */
export const BATCH = 200;

/** An event that this relay alone may deliver until its lease ends. */
export interface ClaimedEvent extends IntegrationEvent {
  readonly attempts: number;
  readonly leaseUntil: Date;
}

/** An event that a subscriber did not take; `counts` tells a rejection from an outage. */
export interface Failure {
  readonly event: ClaimedEvent;
  readonly error: string;
  readonly counts: boolean;
}

/** Events that nobody follows are done as they are: there is nothing to deliver or to repeat. */
export function settleUnheard(heard: readonly string[]): Statement {
  return sql`
    WITH unheard AS MATERIALIZED (
      SELECT tenant_id, event_id FROM outbox
      WHERE processed_at IS NULL AND event_type <> ALL(${[...heard]}::text[])
        AND (lease_until IS NULL OR lease_until <= now())
      ORDER BY next_attempt_at, id LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET processed_at = now(), lease_until = NULL FROM unheard u
    WHERE o.tenant_id = u.tenant_id AND o.event_id = u.event_id`;
}

/**
 * Takes what is due, whenever its transaction committed: a position in the order of ids would lose
 * events of transactions that commit late. A claim that dies with its process ends with the lease.
 */
export function claim(heard: readonly string[]): Statement {
  return sql`
    WITH due AS MATERIALIZED (
      SELECT tenant_id, event_id FROM outbox
      WHERE processed_at IS NULL AND event_type = ANY(${[...heard]}::text[])
        AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until <= now())
      ORDER BY next_attempt_at, id LIMIT 200 FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET last_attempt_at = now(),
      lease_until = date_trunc('milliseconds', now()) + interval '15 seconds'
    FROM due d WHERE o.tenant_id = d.tenant_id AND o.event_id = d.event_id
    RETURNING o.*`;
}

export function claimedEvents(result: Result | undefined): ClaimedEvent[] {
  const rows = (result?.rows ?? []).sort((a, b) => Number((a.id as bigint) - (b.id as bigint)));
  return rows.map((row) => ({
    tenantId: row.tenant_id as Uuid,
    id: row.event_id as Uuid,
    type: row.event_type as string,
    version: row.event_version as number,
    aggregateType: row.aggregate_type as string,
    aggregateId: row.aggregate_id as Uuid,
    occurredAt: row.occurred_at as Date,
    payload: row.payload as JsonObject,
    ...(row.correlation_id === null ? {} : { correlationId: row.correlation_id as string }),
    attempts: row.attempts as number,
    leaseUntil: row.lease_until as Date,
  }));
}

export function markProcessed(events: readonly ClaimedEvent[]): Statement {
  return sql`
    UPDATE outbox o SET processed_at = now(), lease_until = NULL
    FROM unnest(${events.map((e) => e.tenantId)}::uuid[], ${events.map((e) => e.id)}::uuid[])
      AS done (tenant_id, event_id)
    WHERE o.tenant_id = done.tenant_id AND o.event_id = done.event_id AND o.processed_at IS NULL`;
}

/**
 * Puts events back, each with its own pause, and moves those rejected too often to the dead
 * letters. A relay whose lease another one has taken over changes nothing.
 */
export function putBack(failures: readonly Failure[]): Statement {
  return sql`
    WITH failed AS (
      SELECT * FROM unnest(
        ${failures.map((f) => f.event.tenantId)}::uuid[],
        ${failures.map((f) => f.event.id)}::uuid[],
        ${failures.map((f) => f.event.leaseUntil)}::timestamptz[],
        ${failures.map((f) => f.error)}::text[],
        ${failures.map((f) => (f.counts ? 1 : 0))}::integer[]
      ) AS f (tenant_id, event_id, lease_until, error, counted)
    ), put_back AS (
      UPDATE outbox o SET attempts = o.attempts + f.counted, last_error = f.error,
        lease_until = NULL, next_attempt_at = now() + retry_delay(o.attempts + f.counted),
        processed_at = CASE WHEN o.attempts + f.counted >= ${MAX_REJECTIONS} THEN now() END
      FROM failed f
      WHERE o.tenant_id = f.tenant_id AND o.event_id = f.event_id
        AND o.lease_until = f.lease_until AND o.processed_at IS NULL
      RETURNING o.*
    )
    INSERT INTO outbox_dlq (tenant_id, original_id, event_id, aggregate_id, aggregate_type,
      event_type, payload, attempts, last_error, created_at)
    SELECT tenant_id, id, event_id, aggregate_id, aggregate_type, event_type, payload, attempts,
      last_error, created_at
    FROM put_back WHERE processed_at IS NOT NULL`;
}
