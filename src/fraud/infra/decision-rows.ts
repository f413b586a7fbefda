import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Label } from '../domain/label.js';
import type { Decision, Features, Verdict } from '../domain/scoring/index.js';

/** A decision as it stands on record, and what became of the purchase. */
export interface StoredDecision {
  readonly id: Uuid;
  /** Null: declined. */
  readonly paymentId: Uuid | null;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  /** Repeated tries of one purchase have one. */
  readonly attemptId: string;
  readonly quantity: number;
  readonly amountCents: number;
  readonly currency: string;
  readonly at: Date;
  readonly features: Features;
  readonly verdict: Verdict;
  readonly labels: readonly Label[];
}

/** Which decisions, the latest first; what is absent does not narrow. */
export interface DecisionFilter {
  readonly decision?: Decision;
  readonly userId?: Uuid;
  readonly paymentId?: Uuid;
  readonly eventId?: Uuid;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly before?: Uuid;
  readonly limit: number;
}

/** One more than the limit, which tells that there is another page. */
export function decisionsReading(tenantId: Uuid, filter: DecisionFilter): Statement {
  const { decision, userId, paymentId, eventId, from, to, before, limit } = filter;
  return sql`
    SELECT c.*, l.labels FROM fraud_checks c
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('label', label, 'outcome', outcome) ORDER BY label)
        AS labels
      FROM fraud_labels WHERE tenant_id = c.tenant_id AND payment_id = c.payment_id
    ) l ON true
    WHERE c.tenant_id = ${tenantId}
      AND (${decision}::text IS NULL OR c.decision = ${decision})
      AND (${userId}::uuid IS NULL OR c.user_id = ${userId})
      AND (${paymentId}::uuid IS NULL OR c.payment_id = ${paymentId})
      AND (${eventId}::uuid IS NULL OR c.event_id = ${eventId})
      AND (${from}::timestamptz IS NULL OR c.timestamp >= ${from})
      AND (${to}::timestamptz IS NULL OR c.timestamp < ${to})
      AND (${before}::uuid IS NULL OR c.id < ${before})
    ORDER BY c.id DESC LIMIT ${limit + 1}::integer`;
}

export function decisionReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`
    SELECT c.*, (
      SELECT jsonb_agg(jsonb_build_object('label', label, 'outcome', outcome) ORDER BY label)
      FROM fraud_labels WHERE tenant_id = c.tenant_id AND payment_id = c.payment_id
    ) AS labels
    FROM fraud_checks c WHERE c.tenant_id = ${tenantId} AND c.id = ${id}`;
}

/** Where a page of a period ended. */
export interface Place {
  readonly at: Date;
  readonly id: Uuid;
}

/** The decisions of a period in the order they were made, from after a place on. */
export function periodReading(
  tenantId: Uuid,
  period: { readonly from: Date; readonly to: Date; readonly after: Place; readonly limit: number },
): Statement {
  const { from, to, after, limit } = period;
  return sql`
    SELECT c.*, (
      SELECT jsonb_agg(jsonb_build_object('label', label, 'outcome', outcome))
      FROM fraud_labels WHERE tenant_id = c.tenant_id AND payment_id = c.payment_id
    ) AS labels
    FROM fraud_checks c
    WHERE c.tenant_id = ${tenantId} AND c.timestamp >= ${from} AND c.timestamp < ${to}
      AND (c.timestamp, c.id) > (${after.at}::timestamptz, ${after.id}::uuid)
    ORDER BY c.timestamp, c.id LIMIT ${limit}::integer`;
}

export function decisionOf(row: Readonly<Record<string, unknown>>): StoredDecision {
  return {
    id: row.id as Uuid,
    paymentId: row.payment_id as Uuid | null,
    userId: row.user_id as Uuid,
    venueId: row.venue_id as Uuid,
    eventId: row.event_id as Uuid,
    attemptId: row.attempt_id as string,
    quantity: row.quantity as number,
    amountCents: Number(row.amount_cents),
    currency: row.currency as string,
    at: row.timestamp as Date,
    features: row.features as Features,
    verdict: row.verdict as Verdict,
    labels: (row.labels as Label[] | null) ?? [],
  };
}
