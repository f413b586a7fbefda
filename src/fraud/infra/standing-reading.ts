import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { HistoryFeatures } from '../domain/scoring/index.js';
import { MOST_COUNTED } from '../domain/velocity.js';
import type { PurchaseToCheck } from './purchase-to-check.js';
import type { SubjectKeys } from './subject-keys.js';

type Standing = Pick<
  HistoryFeatures,
  | 'accountsOfDevice'
  | 'resalesOfUser'
  | 'resaleMarkupBps'
  | 'knownScalper'
  | 'blocked'
  | 'allowed'
  | 'disputesOfUser'
  | 'disputesOfDevice'
>;

/** What user and device are known for, and in which lists they stand; see `parseStanding`. */
export function standingReading(purchase: PurchaseToCheck, keys: SubjectKeys): Statement {
  const { tenantId, userId, at, signals } = purchase;
  const device = signals.deviceFingerprint ?? null;
  const devices = keys.devices(purchase);
  return sql`
    WITH listed AS MATERIALIZED (
      SELECT l.kind, l.subject_type
      FROM unnest(${keys.listed(purchase)}::text[]) AS hash, LATERAL (
        SELECT kind, subject_type FROM fraud_lists
        WHERE tenant_id = ${tenantId} AND subject_hash = hash
          AND (until IS NULL OR until > ${at}::timestamptz)
        LIMIT ${MOST_COUNTED}
      ) l
    )
    SELECT
      (SELECT array_agg(DISTINCT subject_type ORDER BY subject_type) FROM listed WHERE kind = 'block')
        AS blocked,
      EXISTS (SELECT FROM listed WHERE kind = 'allow') AS allowed,
      (SELECT max(confidence) FROM (
        SELECT confidence_score AS confidence FROM known_scalpers
        WHERE tenant_id = ${tenantId} AND active AND user_id = ${userId}
        UNION ALL SELECT confidence_score FROM known_scalpers
        WHERE tenant_id = ${tenantId} AND active AND device_fingerprint = ${device}
      ) s)::double precision AS known_scalper,
      (SELECT count(DISTINCT d.user_id) FILTER (WHERE d.user_id <> ${userId})
        FROM unnest(${devices}::text[]) AS hash, LATERAL (
          SELECT user_id FROM device_activity
          WHERE tenant_id = ${tenantId} AND device_hash = hash
          ORDER BY timestamp DESC LIMIT ${MOST_COUNTED}
        ) d)::integer AS other_accounts,
      (SELECT count(*) FROM (
        SELECT FROM fraud_labels
        WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND label = 'dispute'
          AND outcome <> 'won' LIMIT ${MOST_COUNTED}
      ) l)::integer AS user_disputes,
      (SELECT count(*) FROM unnest(${devices}::text[]) AS hash, LATERAL (
        SELECT FROM fraud_labels
        WHERE tenant_id = ${tenantId} AND device_hash = hash
          AND label = 'dispute' AND outcome <> 'won' LIMIT ${MOST_COUNTED}
      ) l)::integer AS device_disputes,
      r.resales, r.markup_bps
    FROM (
      SELECT count(*)::integer AS resales, round(avg(markup))::integer AS markup_bps FROM (
        SELECT (metadata->>'markupBps')::integer AS markup FROM device_activity
        WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND activity_type = 'resale'
        ORDER BY timestamp DESC LIMIT ${MOST_COUNTED}
      ) sold
    ) r`;
}

export function parseStanding(result: Result | undefined, purchase: PurchaseToCheck): Standing {
  const row = result?.rows[0] ?? {};
  const count = (name: string) => Number(row[name] ?? 0);
  return {
    accountsOfDevice: count('other_accounts') + (purchase.signals.deviceFingerprint ? 1 : 0),
    resalesOfUser: count('resales'),
    resaleMarkupBps: (row.markup_bps as number | null | undefined) ?? null,
    knownScalper: count('known_scalper'),
    blocked: (row.blocked as string[] | null | undefined) ?? [],
    allowed: row.allowed === true,
    disputesOfUser: count('user_disputes'),
    disputesOfDevice: count('device_disputes'),
  };
}
