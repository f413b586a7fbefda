import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { DisputeStatus } from '../domain/dispute.js';
import type { DisputeCase } from '../domain/dispute-case.js';
import type { DisputeSummary } from '../domain/dispute-views.js';

/** The row that lists read, brought to the state after the stream's event `version`. */
export function projectDispute(
  { tenantId, id }: { readonly tenantId: Uuid; readonly id: Uuid },
  dispute: DisputeCase,
  version: number,
  at: Date,
): Statement {
  return sql`
    INSERT INTO payment_disputes (tenant_id, id, payment_id, venue_id, version, provider, reference,
      amount_cents, fee_cents, currency, reason, status, evidence_due_by, submitted_at, created_at,
      updated_at)
    VALUES (${tenantId}, ${id}, ${dispute.paymentId}, ${dispute.venueId}, ${version},
      ${dispute.provider}, ${dispute.reference}, ${dispute.amountCents}, ${dispute.feeCents},
      ${dispute.currency}, ${dispute.reason}, ${dispute.status}, ${dispute.evidenceDueBy},
      ${dispute.submission?.at ?? null}, ${dispute.openedAt}, ${at})
    ON CONFLICT (tenant_id, id) DO UPDATE SET version = excluded.version,
      amount_cents = excluded.amount_cents, fee_cents = excluded.fee_cents,
      currency = excluded.currency, reason = excluded.reason, status = excluded.status,
      evidence_due_by = excluded.evidence_due_by, submitted_at = excluded.submitted_at,
      updated_at = excluded.updated_at`;
}

/** Which disputes; what is null does not narrow. */
export interface DisputeFilter {
  readonly status: DisputeStatus | null;
  readonly venueId: Uuid | null;
  readonly paymentId: Uuid | null;
  /** The id after which the list goes on. */
  readonly cursor: Uuid | null;
  readonly limit: number;
}

/** One more than the page holds, newest first; of certain venues alone unless `venues` is null. */
export function listDisputes(
  tenantId: Uuid,
  venues: readonly Uuid[] | null,
  { status, venueId, paymentId, cursor, limit }: DisputeFilter,
): Statement {
  return sql`
    SELECT id, payment_id, venue_id, reference, amount_cents, fee_cents, currency, reason, status,
      evidence_due_by, submitted_at, created_at
    FROM payment_disputes
    WHERE tenant_id = ${tenantId}
      AND (${venues}::uuid[] IS NULL OR venue_id = ANY(${venues}::uuid[]))
      AND (${venueId}::uuid IS NULL OR venue_id = ${venueId}::uuid)
      AND (${paymentId}::uuid IS NULL OR payment_id = ${paymentId}::uuid)
      AND (${status}::text IS NULL OR status = ${status}::text)
      AND (${cursor}::uuid IS NULL OR (created_at, id) < (SELECT c.created_at, c.id
        FROM payment_disputes c WHERE c.tenant_id = ${tenantId} AND c.id = ${cursor}::uuid))
    ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}::integer`;
}

export function parseDisputes(result: Result | undefined): DisputeSummary[] {
  return (result?.rows ?? []).map((row) => ({
    id: row.id as Uuid,
    paymentId: row.payment_id as Uuid,
    venueId: row.venue_id as Uuid,
    stripeDisputeId: row.reference as string,
    amount: Number(row.amount_cents),
    fee: Number(row.fee_cents),
    currency: row.currency as string,
    reason: row.reason as string,
    status: row.status as DisputeStatus,
    evidenceDueBy: (row.evidence_due_by as Date | null)?.toISOString() ?? null,
    submittedAt: (row.submitted_at as Date | null)?.toISOString() ?? null,
    createdAt: (row.created_at as Date).toISOString(),
  }));
}
