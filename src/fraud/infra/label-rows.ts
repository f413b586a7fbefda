import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { type Label, oppositeOf } from '../domain/label.js';

export interface NewLabel extends Label {
  readonly paymentId: Uuid;
  readonly userId: Uuid;
  readonly at: Date;
}

/**
 * Notes what became of a payment. Events come in any order: a dispute that has ended is not opened
 * again, and of two on one payment the one that was lost stays; of reviewers who contradict each
 * other the later one stays.
 */
export function putLabel(tenantId: Uuid, label: NewLabel): Statement[] {
  const { paymentId, userId, outcome, at } = label;
  const opposite = oppositeOf(label.label);
  return [
    sql`
      DELETE FROM fraud_labels WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId}
        AND label = ${opposite} AND updated_at <= ${at}`,
    sql`
      INSERT INTO fraud_labels AS l (tenant_id, payment_id, label, outcome, user_id, device_hash,
        created_at, updated_at)
      SELECT ${tenantId}::uuid, ${paymentId}::uuid, ${label.label}::text, ${outcome}::text,
        ${userId}::uuid,
        -- Of the decision, which outlives the signals: disputes come months later.
        (SELECT device_hash FROM fraud_checks
          WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId}),
        ${at}::timestamptz, ${at}::timestamptz
      WHERE NOT EXISTS (SELECT FROM fraud_labels
        WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId} AND label = ${opposite})
      ON CONFLICT (tenant_id, payment_id, label) DO UPDATE
        SET outcome = excluded.outcome, updated_at = greatest(l.updated_at, excluded.updated_at)
        WHERE excluded.outcome IS NULL
          OR array_position(ARRAY['open', 'won', 'lost'], excluded.outcome)
            > array_position(ARRAY['open', 'won', 'lost'], l.outcome)`,
  ];
}

/** Tickets that were given back are their buyer's no more. */
export function returnTickets(tenantId: Uuid, paymentId: Uuid, tickets: number): Statement {
  return sql`UPDATE purchase_signals SET quantity = greatest(0, quantity - ${tickets}::integer)
    WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId}`;
}

/** Somebody sold a ticket on, at so many basis points above its first price. */
export function noteResale(
  tenantId: Uuid,
  resale: { id: Uuid; userId: Uuid; markupBps: number | null; at: Date },
): Statement {
  const { id, userId, markupBps, at } = resale;
  return sql`
    INSERT INTO device_activity (tenant_id, id, user_id, activity_type, metadata, timestamp)
    VALUES (${tenantId}, ${id}, ${userId}, 'resale', ${{ markupBps }}, ${at})`;
}
