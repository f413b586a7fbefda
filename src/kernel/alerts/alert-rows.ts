import type { Uuid } from '../ids.js';
import { redact } from '../observability/redact.js';
import type { JsonObject } from '../outbox/integration-event.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { Alert, DueAlert, Origin, Severity } from './alert.js';

/** Alerts in one message: what Slack still shows without folding. */
const TOGETHER = 20;

/** An alert that this process alone may tell until its lease ends. */
export interface ClaimedAlert extends DueAlert {
  readonly tenantId: Uuid;
  readonly leaseUntil: Date;
  readonly attempts: number;
}

/** Notes an alert; with one of its key on record it is the same one, seen once more. */
export function noteAlert(operator: Uuid, alert: Alert, origin: Origin): Statement {
  const { key, severity, title, details = {} } = alert;
  return sql`
    INSERT INTO alerts AS a (tenant_id, key, severity, title, origin, details)
    VALUES (${operator}, ${key.slice(0, 200)}, ${severity}, ${redact(title).slice(0, 500)},
      ${origin}, ${redact(JSON.stringify(details))})
    ON CONFLICT (tenant_id, key) DO UPDATE SET
      severity = CASE WHEN a.told < a.seen THEN least(a.severity, excluded.severity)
        ELSE excluded.severity END,
      details = CASE WHEN a.told < a.seen AND a.severity < excluded.severity THEN a.details
        ELSE excluded.details END,
      title = excluded.title, origin = excluded.origin, seen = a.seen + 1, last_seen_at = now(),
      untold_since = CASE WHEN a.told = a.seen THEN now() ELSE a.untold_since END`;
}

/** What is due, the worst first. */
export function claimAlerts(): Statement {
  return sql`
    WITH due AS MATERIALIZED (
      SELECT tenant_id, key FROM alerts
      WHERE told < seen AND next_attempt_at <= now()
        AND (lease_until IS NULL OR lease_until <= now())
      ORDER BY severity, next_attempt_at LIMIT ${TOGETHER} FOR UPDATE SKIP LOCKED
    )
    UPDATE alerts a SET lease_until = date_trunc('milliseconds', now()) + interval '60 seconds'
    FROM due d WHERE a.tenant_id = d.tenant_id AND a.key = d.key RETURNING a.*`;
}

export function claimedAlert(row: Readonly<Record<string, unknown>>): ClaimedAlert {
  const seen = Number(row.seen);
  return {
    tenantId: row.tenant_id as Uuid,
    key: row.key as string,
    severity: row.severity as Severity,
    title: row.title as string,
    origin: row.origin as Origin,
    details: row.details as JsonObject,
    fresh: seen - Number(row.told),
    seen,
    untoldSince: row.untold_since as Date,
    firstSeenAt: row.first_seen_at as Date,
    lastSeenAt: row.last_seen_at as Date,
    leaseUntil: row.lease_until as Date,
    attempts: row.attempts as number,
  };
}

/** What was seen while the message went out is told by the next one. */
export function noteTold(alerts: readonly ClaimedAlert[], everySeconds: number): Statement {
  return sql`
    UPDATE alerts a SET told = t.seen, told_at = now(), untold_since = now(), attempts = 0,
      last_error = NULL, lease_until = NULL,
      next_attempt_at = now() + make_interval(secs => ${everySeconds})
    FROM unnest(${alerts.map((alert) => alert.tenantId)}::uuid[],
      ${alerts.map((alert) => alert.key)}::text[], ${alerts.map((alert) => alert.seen)}::bigint[],
      ${alerts.map((alert) => alert.leaseUntil)}::timestamptz[]) AS t (tenant_id, key, seen, lease)
    WHERE a.tenant_id = t.tenant_id AND a.key = t.key AND a.lease_until = t.lease`;
}

export function noteUntold(
  alerts: readonly ClaimedAlert[],
  error: string,
  delaySeconds: number,
): Statement {
  return sql`
    UPDATE alerts a SET attempts = a.attempts + 1, last_error = ${error}, lease_until = NULL,
      next_attempt_at = now() + make_interval(secs => ${delaySeconds})
    FROM unnest(${alerts.map((alert) => alert.tenantId)}::uuid[],
      ${alerts.map((alert) => alert.key)}::text[],
      ${alerts.map((alert) => alert.leaseUntil)}::timestamptz[]) AS t (tenant_id, key, lease)
    WHERE a.tenant_id = t.tenant_id AND a.key = t.key AND a.lease_until = t.lease`;
}
