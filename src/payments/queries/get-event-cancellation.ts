import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import type { CancelledPaymentStatus } from '../infra/cancellation-rows.js';

const STATUSES: readonly CancelledPaymentStatus[] = [
  'queued',
  'waiting_for_funds',
  'refunded',
  'nothing_due',
  'failed',
];

/** The most failures that a report lists; `counts` tells of all. */
const LISTED = 100;

/** How far a cancelled event's refunds are; amounts in cents. */
export interface CancellationReport {
  readonly eventId: Uuid;
  readonly venueId: Uuid;
  readonly status: 'running' | 'waiting_for_funds' | 'completed';
  readonly reason: string | null;
  readonly refundFees: boolean;
  readonly requestedBy: Uuid;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly counts: Readonly<Record<CancelledPaymentStatus, number>>;
  readonly refundedCents: number;
  readonly failures: readonly { readonly paymentId: Uuid; readonly reason: string }[];
}

/** Refuses `NOT_FOUND` where the event was not cancelled, and to those who do not act for the venue. */
export class GetEventCancellation extends Query<CancellationReport | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly eventId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetEventCancellation)
export class GetEventCancellationHandler implements IQueryHandler<GetEventCancellation> {
  constructor(private readonly database: Database) {}

  async execute({ principal, eventId }: GetEventCancellation) {
    const { tenantId } = principal;
    const [jobs, counted, failed] = await this.database.read(tenantId, [
      sql`SELECT * FROM event_cancellations
        WHERE tenant_id = ${tenantId} AND event_id = ${eventId}`,
      sql`SELECT status, count(*) AS payments, sum(amount_cents)::bigint AS cents
        FROM event_cancellation_payments
        WHERE tenant_id = ${tenantId} AND event_id = ${eventId} GROUP BY status`,
      sql`SELECT payment_id, outcome FROM event_cancellation_payments
        WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status = 'failed'
        ORDER BY payment_id LIMIT ${LISTED}`,
    ]);
    const job = jobs?.rows[0];
    if (!job || !manages(principal, job.venue_id as Uuid)) {
      return refuse('NOT_FOUND', 'There is no cancellation of this event.');
    }
    const rows = counted?.rows ?? [];
    const counts = Object.fromEntries(
      STATUSES.map((status) => [
        status,
        Number(rows.find((row) => row.status === status)?.payments ?? 0),
      ]),
    ) as Record<CancelledPaymentStatus, number>;
    const waits = counts.waiting_for_funds > 0 && counts.queued === 0;
    return {
      eventId,
      venueId: job.venue_id as Uuid,
      status: waits ? 'waiting_for_funds' : (job.status as 'running' | 'completed'),
      reason: job.reason as string | null,
      refundFees: job.refund_fees as boolean,
      requestedBy: job.requested_by as Uuid,
      createdAt: (job.created_at as Date).toISOString(),
      completedAt: (job.completed_at as Date | null)?.toISOString() ?? null,
      counts,
      refundedCents: rows.reduce((total, row) => total + Number(row.cents), 0),
      failures: (failed?.rows ?? []).map((row) => ({
        paymentId: row.payment_id as Uuid,
        reason: row.outcome as string,
      })),
    } satisfies CancellationReport;
  }
}
