import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { hintOf } from '../domain/list-entry.js';

/** What the guards below say. */
export const ALREADY_KNOWN = 'the scalper is known';
export const SCALPER_GONE = 'the scalper is known no more';

/** Somebody, or some device, that buys to sell on. */
export interface KnownScalper {
  readonly id: Uuid;
  readonly userId: Uuid | null;
  readonly deviceFingerprint: string | null;
  readonly reason: string;
  /** 0 to 1, two decimals. */
  readonly confidence: number;
  readonly addedBy: Uuid;
  readonly addedAt: Date;
}

/** What the audit log, which stays for good, may hold of a scalper: of the device its end. */
export function auditedScalper(
  scalper: Pick<KnownScalper, 'userId' | 'deviceFingerprint' | 'reason' | 'confidence'>,
) {
  const { userId, deviceFingerprint: value, reason, confidence } = scalper;
  return { userId, device: value && hintOf({ type: 'device', value }), reason, confidence };
}

export function insertScalper(tenantId: Uuid, scalper: KnownScalper): Statement {
  const { id, userId, deviceFingerprint, reason, confidence, addedBy, addedAt } = scalper;
  return sql`
    WITH made AS (
      INSERT INTO known_scalpers (tenant_id, id, user_id, device_fingerprint, reason,
        confidence_score, added_by, added_at)
      VALUES (${tenantId}, ${id}, ${userId}, ${deviceFingerprint}, ${reason}, ${confidence},
        ${addedBy}, ${addedAt})
      ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM made), ${ALREADY_KNOWN})`;
}

/** The row stays, so that it can be told who was taken for a scalper when. */
export function removeScalper(tenantId: Uuid, id: Uuid, at: Date): Statement {
  return sql`
    WITH gone AS (
      UPDATE known_scalpers SET active = false, removed_at = ${at}
      WHERE tenant_id = ${tenantId} AND id = ${id} AND active RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM gone), ${SCALPER_GONE})`;
}

export function scalperReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT * FROM known_scalpers
    WHERE tenant_id = ${tenantId} AND id = ${id} AND active`;
}

/** The latest first; one more than the limit, which tells that there is another page. */
export function scalpersReading(tenantId: Uuid, before: Uuid | null, limit: number): Statement {
  return sql`
    SELECT * FROM known_scalpers
    WHERE tenant_id = ${tenantId} AND active AND (${before}::uuid IS NULL OR id < ${before})
    ORDER BY id DESC LIMIT ${limit + 1}::integer`;
}

export function scalperOf(row: Readonly<Record<string, unknown>>): KnownScalper {
  return {
    id: row.id as Uuid,
    userId: row.user_id as Uuid | null,
    deviceFingerprint: row.device_fingerprint as string | null,
    reason: row.reason as string,
    confidence: Number(row.confidence_score),
    addedBy: row.added_by as Uuid,
    addedAt: row.added_at as Date,
  };
}
