import type { Uuid } from '../ids.js';
import type { Result } from '../postgres/pipeline.js';
import { sql, type Statement, statement } from '../postgres/sql.js';
import type { IntegrationEvent, JsonObject } from './integration-event.js';
import type { Heard } from './subscribers.js';

/** How many events a pass takes; the claim's LIMIT is literal so that its plan never changes. */
export const BATCH = 200;

/** An event that this relay alone may deliver until its lease ends. */
export interface ClaimedEvent extends IntegrationEvent {
  readonly attempts: number;
  readonly leaseUntil: Date;
  /** The trace in which it was published. */
  readonly traceparent: string | null;
}

/** An event that a subscriber did not take; `counts` tells a rejection from an outage. */
export interface Failure {
  readonly event: ClaimedEvent;
  readonly error: string;
  readonly counts: boolean;
}

/** What this release knows of the types of events. */
export interface KnownTypes {
  /** What somebody in this process follows. */
  readonly heard: Heard;
  /** Types that this release publishes, whoever follows them. */
  readonly published: readonly string[];
}

/**
 * Events that nobody follows are heard as they are: there is nothing to deliver or to repeat. A type
 * that this release does not know comes from a newer one, whose relays get an hour to deliver it.
 */
export function settleUnheard({ heard, published }: KnownTypes, goesOn: boolean): Statement {
  const next = heard.values.length + 1;
  return statement(
    `WITH unheard AS MATERIALIZED (
      SELECT tenant_id, event_id FROM outbox o
      WHERE processed_at IS NULL AND heard_at IS NULL AND NOT (${heard.condition})
        AND (event_type = ANY($${next}::text[]) OR created_at < now() - interval '1 hour')
        AND (lease_until IS NULL OR lease_until <= now())
      ORDER BY next_attempt_at, id LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET heard_at = now(), lease_until = NULL,
      processed_at = CASE WHEN NOT $${next + 1}::boolean THEN now() END
    FROM unheard u WHERE o.tenant_id = u.tenant_id AND o.event_id = u.event_id`,
    [...heard.values, published, goesOn],
  );
}

/**
 * Takes what is due, whenever its transaction committed: a position in the order of ids would lose
 * events of transactions that commit late. A claim that dies with its process ends with the lease.
 */
export function claim(heard: Heard): Statement {
  return statement(
    `WITH due AS MATERIALIZED (
      SELECT tenant_id, event_id FROM outbox o
      WHERE processed_at IS NULL AND heard_at IS NULL AND (${heard.condition})
        AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until <= now())
      ORDER BY next_attempt_at, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET last_attempt_at = now(),
      lease_until = date_trunc('milliseconds', now()) + interval '15 seconds'
    FROM due d WHERE o.tenant_id = d.tenant_id AND o.event_id = d.event_id
    RETURNING o.*`,
    heard.values,
  );
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
    ...(row.sequence === null ? {} : { sequence: Number(row.sequence) }),
    occurredAt: row.occurred_at as Date,
    payload: row.payload as JsonObject,
    ...(row.correlation_id === null ? {} : { correlationId: row.correlation_id as string }),
    attempts: row.attempts as number,
    leaseUntil: row.lease_until as Date,
    traceparent: row.traceparent as string | null,
  }));
}

/** Every subscriber has had these. `goesOn`: they are processed only when they were forwarded, too. */
export function markHeard(events: readonly ClaimedEvent[], goesOn: boolean): Statement {
  return sql`
    UPDATE outbox o SET heard_at = now(), lease_until = NULL,
      processed_at = CASE WHEN NOT ${goesOn}::boolean THEN now() END
    FROM unnest(${events.map((e) => e.tenantId)}::uuid[], ${events.map((e) => e.id)}::uuid[])
      AS done (tenant_id, event_id)
    WHERE o.tenant_id = done.tenant_id AND o.event_id = done.event_id
      AND o.processed_at IS NULL AND o.heard_at IS NULL`;
}

/** Puts events back, each with its own pause. A relay whose lease another one has taken over changes nothing. */
export function putBack(failures: readonly Failure[]): Statement {
  return sql`
    UPDATE outbox o SET attempts = o.attempts + f.counted, last_error = f.error,
      lease_until = NULL, next_attempt_at = now() + retry_delay(o.attempts + f.counted)
    FROM unnest(
      ${failures.map((f) => f.event.tenantId)}::uuid[],
      ${failures.map((f) => f.event.id)}::uuid[],
      ${failures.map((f) => f.event.leaseUntil)}::timestamptz[],
      ${failures.map((f) => f.error)}::text[],
      ${failures.map((f) => (f.counts ? 1 : 0))}::integer[]
    ) AS f (tenant_id, event_id, lease_until, error, counted)
    WHERE o.tenant_id = f.tenant_id AND o.event_id = f.event_id
      AND o.lease_until = f.lease_until AND o.processed_at IS NULL`;
}
