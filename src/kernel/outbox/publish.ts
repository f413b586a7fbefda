import type { Uuid } from '../ids.js';
import { currentTraceparent } from '../observability/trace-context.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { EventToPublish } from './integration-event.js';

/**
 * Publishes an event with the transaction this statement is added to: it leaves when that commits,
 * at least once to every durable subscriber. Refused (23505) when the tenant has the event id already.
 * Nudge `OUTBOX_RELAY` after the commit, or the relay finds the event within a second.
 */
export function publish(tenantId: Uuid, event: EventToPublish): Statement {
  return sql`
    INSERT INTO outbox (tenant_id, event_id, aggregate_id, aggregate_type, event_type,
      event_version, payload, correlation_id, traceparent, sequence, occurred_at)
    VALUES (${tenantId}, ${event.id}, ${event.aggregateId}, ${event.aggregateType}, ${event.type},
      ${event.version}, ${event.payload}, ${event.correlationId ?? null}, ${currentTraceparent() ?? null},
      ${event.sequence ?? null}, ${event.occurredAt})`;
}
