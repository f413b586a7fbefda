import { sql, type Statement } from '../postgres/sql.js';
import type { ClaimedEvent } from './outbox-rows.js';

/** Takes what its subscribers have had and what is to be forwarded; a claim ends with its lease. */
export function claimUnforwarded(): Statement {
  return sql`
    WITH due AS MATERIALIZED (
      SELECT tenant_id, event_id FROM outbox
      WHERE processed_at IS NULL AND heard_at IS NOT NULL
        AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until <= now())
      ORDER BY next_attempt_at, id LIMIT 200 FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET lease_until = date_trunc('milliseconds', now()) + interval '15 seconds'
    FROM due d WHERE o.tenant_id = d.tenant_id AND o.event_id = d.event_id
    RETURNING o.*`;
}

export function markForwarded(events: readonly ClaimedEvent[]): Statement {
  return sql`
    UPDATE outbox o SET processed_at = now(), lease_until = NULL
    FROM unnest(${events.map((e) => e.tenantId)}::uuid[], ${events.map((e) => e.id)}::uuid[])
      AS done (tenant_id, event_id)
    WHERE o.tenant_id = done.tenant_id AND o.event_id = done.event_id
      AND o.processed_at IS NULL AND o.heard_at IS NOT NULL`;
}

/** Lets events rest that were not taken. That counts against none of them: it is not about them. */
export function letRest(events: readonly ClaimedEvent[]): Statement {
  return sql`
    UPDATE outbox o SET lease_until = NULL, next_attempt_at = now() + retry_delay(1)
    FROM unnest(
      ${events.map((e) => e.tenantId)}::uuid[],
      ${events.map((e) => e.id)}::uuid[],
      ${events.map((e) => e.leaseUntil)}::timestamptz[]
    ) AS r (tenant_id, event_id, lease_until)
    WHERE o.tenant_id = r.tenant_id AND o.event_id = r.event_id
      AND o.lease_until = r.lease_until AND o.processed_at IS NULL`;
}

/** What waited for a forwarder when there was one, and a day later there is still none, is done. */
export function settleForsaken(): Statement {
  return sql`
    WITH forsaken AS MATERIALIZED (
      SELECT tenant_id, event_id FROM outbox
      WHERE processed_at IS NULL AND heard_at < now() - interval '1 day'
        AND (lease_until IS NULL OR lease_until <= now())
      LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET processed_at = now(), lease_until = NULL FROM forsaken f
    WHERE o.tenant_id = f.tenant_id AND o.event_id = f.event_id`;
}
