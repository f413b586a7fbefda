import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** Deliveries that one call sends again. */
export const MOST_AT_ONCE = 500;

/** Makes a delivery due now, with all its tries before it; one that is on its way stays so. */
export function sendAgain(tenantId: Uuid, id: Uuid): Statement {
  return sql`
    UPDATE webhook_deliveries SET status = 'pending', finished_at = NULL, next_attempt_at = now(),
      pending_since = now(), attempts = CASE WHEN status = 'pending' THEN attempts ELSE 0 END
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

export interface RedeliveryRange {
  readonly endpointId: Uuid;
  /** The first instant that is meant, and the first that is no longer. */
  readonly from: Date;
  readonly to: Date;
  /** Undefined: all. */
  readonly eventTypes?: readonly string[];
  /** The last delivery that an earlier call sent again. */
  readonly after?: Uuid;
}

/** What was finished, however it ended, in the order of the events. */
export function sendRangeAgain(tenantId: Uuid, range: RedeliveryRange): Statement {
  const { endpointId, from, to, eventTypes, after } = range;
  return sql`
    WITH chosen AS MATERIALIZED (
      SELECT id FROM webhook_deliveries
      WHERE tenant_id = ${tenantId} AND endpoint_id = ${endpointId} AND status <> 'pending'
        AND created_at >= ${from} AND created_at < ${to}
        AND (${eventTypes && [...eventTypes]}::text[] IS NULL OR event_type = ANY(${eventTypes && [...eventTypes]}::text[]))
        AND (${after}::uuid IS NULL OR id > ${after})
      ORDER BY id LIMIT ${MOST_AT_ONCE}::integer FOR UPDATE
    ), again AS (
      UPDATE webhook_deliveries d SET status = 'pending', finished_at = NULL, attempts = 0,
        next_attempt_at = now(), pending_since = now()
      FROM chosen c WHERE d.tenant_id = ${tenantId} AND d.id = c.id RETURNING d.id
    )
    SELECT id FROM again ORDER BY id`;
}

export function sentAgain(result: Result | undefined): readonly Uuid[] {
  return (result?.rows ?? []).map(({ id }) => id as Uuid);
}
