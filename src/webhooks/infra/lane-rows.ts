import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** Messages of one endpoint on their way at once, over all processes. */
const LANE_WIDTH = 4;

/** Much longer than a message may take. */
export const LEASE_SECONDS = 30;

/**
 * Claims what is due, of each endpoint only as many as its lane has room for, and first for the
 * tenants with the least on their way: neither a backlog nor many endpoints get a tenant more than its
 * share of the free places while others wait. Two processes may overfill a lane for a moment.
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
    ), free AS MATERIALIZED (
      SELECT n.* FROM lanes l CROSS JOIN LATERAL (
        SELECT d.tenant_id, d.id, d.next_attempt_at FROM webhook_deliveries d
        WHERE d.tenant_id = l.tenant_id AND d.endpoint_id = l.endpoint_id AND d.status = 'pending'
          AND d.next_attempt_at <= now() - make_interval(secs => ${overdueSeconds})
          AND (d.lease_until IS NULL OR d.lease_until <= now())
        ORDER BY d.next_attempt_at
        LIMIT greatest(0, ${LANE_WIDTH} - (SELECT count(*) FROM webhook_deliveries b
          WHERE b.tenant_id = l.tenant_id AND b.endpoint_id = l.endpoint_id
            AND b.status = 'pending' AND b.lease_until > now()))
        FOR UPDATE SKIP LOCKED) n
    ), leased AS (
      SELECT tenant_id, count(*) AS rows FROM webhook_deliveries
      WHERE status = 'pending' AND lease_until > now() GROUP BY tenant_id
    ), due AS MATERIALIZED (
      SELECT f.tenant_id, f.id FROM free f LEFT JOIN leased USING (tenant_id)
      ORDER BY coalesce(leased.rows, 0)
          + row_number() OVER (PARTITION BY f.tenant_id ORDER BY f.next_attempt_at),
        f.next_attempt_at
      LIMIT ${limit}
    )
    UPDATE webhook_deliveries w SET
      lease_until = date_trunc('milliseconds', now()) + make_interval(secs => ${LEASE_SECONDS})
    FROM due d WHERE w.tenant_id = d.tenant_id AND w.id = d.id
    RETURNING w.*`;
}
