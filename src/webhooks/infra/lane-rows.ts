import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** Messages of one endpoint on their way at once, over all processes. */
const LANE_WIDTH = 4;

/** Much longer than a message may take. */
export const LEASE_SECONDS = 30;

/**
 * Claims what is due, of each endpoint only as many as its lane has room for: however many wait for a
 * slow one, the others' next rows are found at once. Two processes may overfill a lane for a moment.
 */
export function claimFairly(limit: number, overdueSeconds: number): Statement {
  return sql`
    WITH RECURSIVE lanes AS (
      (SELECT tenant_id, endpoint_id FROM webhook_deliveries WHERE status = 'pending'
        ORDER BY tenant_id, endpoint_id LIMIT 1)
      UNION ALL
      SELECT n.tenant_id, n.endpoint_id FROM lanes l CROSS JOIN LATERAL (
        SELECT d.tenant_id, d.endpoint_id FROM webhook_deliveries d
        WHERE d.status = 'pending' AND (d.tenant_id, d.endpoint_id) > (l.tenant_id, l.endpoint_id)
        ORDER BY d.tenant_id, d.endpoint_id LIMIT 1) n
    ), due AS MATERIALIZED (
      SELECT n.tenant_id, n.id FROM lanes l CROSS JOIN LATERAL (
        SELECT d.tenant_id, d.id, d.next_attempt_at FROM webhook_deliveries d
        WHERE d.tenant_id = l.tenant_id AND d.endpoint_id = l.endpoint_id AND d.status = 'pending'
          AND d.next_attempt_at <= now() - make_interval(secs => ${overdueSeconds})
          AND (d.lease_until IS NULL OR d.lease_until <= now())
        ORDER BY d.next_attempt_at
        LIMIT greatest(0, ${LANE_WIDTH} - (SELECT count(*) FROM webhook_deliveries b
          WHERE b.tenant_id = l.tenant_id AND b.endpoint_id = l.endpoint_id
            AND b.status = 'pending' AND b.lease_until > now()))
        FOR UPDATE SKIP LOCKED) n
      ORDER BY n.next_attempt_at LIMIT ${limit}
    )
    UPDATE webhook_deliveries w SET
      lease_until = date_trunc('milliseconds', now()) + make_interval(secs => ${LEASE_SECONDS})
    FROM due d WHERE w.tenant_id = d.tenant_id AND w.id = d.id
    RETURNING w.*`;
}

/** What is due, in the same shares, unclaimed: for those who hand work to other processes. */
export function dueFairly(limit: number): Statement {
  return sql`
    WITH RECURSIVE lanes AS (
      (SELECT tenant_id, endpoint_id FROM webhook_deliveries WHERE status = 'pending'
        ORDER BY tenant_id, endpoint_id LIMIT 1)
      UNION ALL
      SELECT n.tenant_id, n.endpoint_id FROM lanes l CROSS JOIN LATERAL (
        SELECT d.tenant_id, d.endpoint_id FROM webhook_deliveries d
        WHERE d.status = 'pending' AND (d.tenant_id, d.endpoint_id) > (l.tenant_id, l.endpoint_id)
        ORDER BY d.tenant_id, d.endpoint_id LIMIT 1) n
    )
    SELECT n.* FROM lanes l CROSS JOIN LATERAL (
      SELECT d.tenant_id AS "tenantId", d.id, d.total_attempts AS attempts
      FROM webhook_deliveries d
      WHERE d.tenant_id = l.tenant_id AND d.endpoint_id = l.endpoint_id AND d.status = 'pending'
        AND d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until <= now())
      ORDER BY d.next_attempt_at
      LIMIT greatest(0, ${LANE_WIDTH} - (SELECT count(*) FROM webhook_deliveries b
        WHERE b.tenant_id = l.tenant_id AND b.endpoint_id = l.endpoint_id
          AND b.status = 'pending' AND b.lease_until > now()))) n
    LIMIT ${limit}`;
}
