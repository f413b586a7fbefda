import type { Uuid } from '../ids.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { Origin } from './alert.js';

/**
 * Open items that no operator has heard of become alerts, one a kind and currency, and are marked in
 * the same statement: whatever dies, an item is told of. Every item needs a human; one with money at
 * risk is critical. Webhooks in quarantine, failed jobs and what reconciliation cannot explain are
 * open items all.
 */
export function findOpenItems(operator: Uuid, origin: Origin): Statement {
  return sql`
    WITH untold AS MATERIALIZED (
      SELECT tenant_id, id FROM open_items WHERE status = 'open' AND alerted_at IS NULL
      ORDER BY opened_at LIMIT 500 FOR UPDATE SKIP LOCKED
    ), marked AS (
      UPDATE open_items i SET alerted_at = now() FROM untold u
      WHERE i.tenant_id = u.tenant_id AND i.id = u.id RETURNING i.*
    ), found AS (
      SELECT kind, currency, count(*) AS items, count(DISTINCT tenant_id) AS tenants,
        sum(cents_at_risk) AS cents,
        (array_agg(tenant_id ORDER BY opened_at))[1] AS tenant,
        (array_agg(subject_type || ' ' || subject_id ORDER BY opened_at))[1] AS subject,
        (array_agg(cause ORDER BY opened_at))[1] AS cause
      FROM marked GROUP BY kind, currency
    )
    INSERT INTO alerts AS a (tenant_id, key, severity, title, origin, details, seen)
    SELECT ${operator}::uuid, left(concat_ws(':', 'open_item', kind, currency), 200),
      CASE WHEN cents > 0 THEN 'critical' ELSE 'warning' END,
      left('Work for a human: ' || kind, 500), ${origin}::jsonb,
      jsonb_strip_nulls(jsonb_build_object('items', items, 'tenants', tenants,
        'centsAtRisk', cents, 'currency', currency, 'tenant', tenant, 'example', subject,
        'cause', left(cause, 300))),
      items
    FROM found
    ON CONFLICT (tenant_id, key) DO UPDATE SET
      severity = CASE WHEN a.told < a.seen THEN least(a.severity, excluded.severity)
        ELSE excluded.severity END,
      details = CASE WHEN a.told < a.seen AND a.severity < excluded.severity THEN a.details
        ELSE excluded.details END,
      title = excluded.title, origin = excluded.origin, seen = a.seen + excluded.seen, last_seen_at = now(),
      untold_since = CASE WHEN a.told = a.seen THEN now() ELSE a.untold_since END`;
}

/** As `findOpenItems`: events that a subscriber rejected for good. */
export function findDeadLetters(operator: Uuid, origin: Origin): Statement {
  return sql`
    WITH untold AS MATERIALIZED (
      SELECT tenant_id, event_id FROM outbox_dlq WHERE alerted_at IS NULL
      ORDER BY created_at LIMIT 500 FOR UPDATE SKIP LOCKED
    ), marked AS (
      UPDATE outbox_dlq l SET alerted_at = now() FROM untold u
      WHERE l.tenant_id = u.tenant_id AND l.event_id = u.event_id RETURNING l.*
    ), found AS (
      SELECT event_type, count(*) AS letters, count(DISTINCT tenant_id) AS tenants,
        (array_agg(tenant_id ORDER BY created_at))[1] AS tenant,
        (array_agg(event_id ORDER BY created_at))[1] AS event,
        (array_agg(last_error ORDER BY created_at))[1] AS error
      FROM marked GROUP BY event_type
    )
    INSERT INTO alerts AS a (tenant_id, key, severity, title, origin, details, seen)
    SELECT ${operator}::uuid, left('dead_letter:' || event_type, 200), 'critical',
      left('Events nobody could handle: ' || event_type, 500), ${origin}::jsonb,
      jsonb_strip_nulls(jsonb_build_object('letters', letters, 'tenants', tenants,
        'tenant', tenant, 'example', event, 'error', left(error, 300))),
      letters
    FROM found
    ON CONFLICT (tenant_id, key) DO UPDATE SET
      severity = CASE WHEN a.told < a.seen THEN least(a.severity, excluded.severity)
        ELSE excluded.severity END,
      details = CASE WHEN a.told < a.seen AND a.severity < excluded.severity THEN a.details
        ELSE excluded.details END,
      title = excluded.title, origin = excluded.origin, seen = a.seen + excluded.seen, last_seen_at = now(),
      untold_since = CASE WHEN a.told = a.seen THEN now() ELSE a.untold_since END`;
}
