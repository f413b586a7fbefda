import { openItem } from '../../open-items/open-item.js';
import { sql, type Statement } from '../../postgres/sql.js';
import type { Failure } from '../outbox-rows.js';

/** The kind of the open item that a dead letter is. */
export const DEAD_LETTER = 'dead_letter';

/** Rejections after which an event is a dead letter (Payment service spec, Outbox Pattern). */
const MAX_REJECTIONS = 5;

/** Is this the rejection that makes the event a dead letter? */
export function isLast({ event, counts }: Failure): boolean {
  return counts && event.attempts + 1 >= MAX_REJECTIONS;
}

/**
 * Moves an event to the dead letters and makes it something for a human. `goesOn`: it is still to be
 * forwarded, for what one of ours rejects others may take. The worker's transaction; it fails
 * (TT003) when another relay has taken the lease over.
 */
export function bury({ event, error }: Failure, goesOn: boolean): Statement[] {
  const { tenantId, id, type, aggregateType, aggregateId, leaseUntil } = event;
  return [
    sql`
      WITH buried AS (
        UPDATE outbox SET attempts = attempts + 1, last_error = ${error}, heard_at = now(),
          lease_until = NULL, next_attempt_at = now(),
          processed_at = CASE WHEN NOT ${goesOn}::boolean THEN now() END
        WHERE tenant_id = ${tenantId} AND event_id = ${id} AND lease_until = ${leaseUntil}
          AND processed_at IS NULL AND heard_at IS NULL
        RETURNING *
      ), dead AS (
        INSERT INTO outbox_dlq (tenant_id, original_id, event_id, aggregate_id, aggregate_type,
          event_type, payload, attempts, last_error, created_at)
        SELECT tenant_id, id, event_id, aggregate_id, aggregate_type, event_type, payload, attempts,
          last_error, created_at
        FROM buried RETURNING 1
      ) SELECT guard(count(*) = 1, 'lease') FROM dead`,
    openItem(tenantId, {
      kind: DEAD_LETTER,
      subjectType: 'event',
      subjectId: id,
      cause: `${type} was rejected ${MAX_REJECTIONS} times: ${error}`,
      details: { type, aggregateType, aggregateId },
    }),
  ];
}
