import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** A purchase that waits for a person's decision; amounts in cents. */
export interface WaitingReview {
  readonly paymentId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  readonly amountCharged: number;
  readonly currency: string;
  readonly tickets: number;
  readonly createdAt: string;
}

/** Which page of the queue: `cursor` is the last payment of the one before. */
export interface ReviewPageWish {
  readonly limit: number;
  readonly cursor: Uuid | null;
}

/** The queue, longest waiting first, and one more than asked for where there are more. */
export function listReviews(tenantId: Uuid, { limit, cursor }: ReviewPageWish): Statement {
  return sql`SELECT p.id, p.user_id, p.venue_id, p.event_id, p.amount_charged_cents, p.currency,
      p.created_at, (SELECT count(*) FROM tickets t
        WHERE t.tenant_id = p.tenant_id AND t.payment_id = p.id) AS tickets
    FROM payment_transactions p
    WHERE p.tenant_id = ${tenantId} AND p.status = 'IN_REVIEW'
      AND (${cursor}::uuid IS NULL OR p.id > ${cursor})
    ORDER BY p.id LIMIT ${limit + 1}`;
}

export function parseReviews(result: Result | undefined): WaitingReview[] {
  return (result?.rows ?? []).map((row) => ({
    paymentId: row.id as Uuid,
    userId: row.user_id as Uuid,
    venueId: row.venue_id as Uuid,
    eventId: row.event_id as Uuid,
    amountCharged: Number(row.amount_charged_cents),
    currency: row.currency as string,
    tickets: Number(row.tickets),
    createdAt: (row.created_at as Date).toISOString(),
  }));
}
