import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { isAdmin, type Principal } from '../../kernel/auth/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { orderApiStatus, type OrderApiStatus, statesNamed } from '../domain/status-names.js';
import { PAYMENT_STATES, type PaymentStatus } from '../domain/transitions.js';

export interface ListFilter {
  readonly limit: number;
  /** From 1; ignored when a cursor is given. */
  readonly page: number;
  /** The id after which the list goes on. */
  readonly cursor: Uuid | null;
  readonly status: OrderApiStatus | null;
}

/** One line of the list; amounts in cents. */
export interface ListedPayment {
  readonly id: Uuid;
  readonly orderId: string | null;
  readonly userId: Uuid;
  readonly eventId: Uuid;
  readonly venueId: Uuid;
  readonly amount: number;
  readonly currency: string;
  readonly status: OrderApiStatus;
  readonly paymentMethod: string;
  readonly transactionId: string | null;
  readonly createdAt: string;
}

export interface PaymentPage {
  readonly payments: readonly ListedPayment[];
  readonly pagination: {
    readonly page: number;
    readonly limit: number;
    readonly total: number;
    readonly totalPages: number;
    /** For the next page; null on the last one. */
    readonly nextCursor: Uuid | null;
  };
}

/** Payments, newest first: a user's own, an administrator's tenant. Pages by number or by cursor. */
export class ListPayments extends Query<PaymentPage> {
  constructor(
    readonly principal: Principal,
    readonly filter: ListFilter,
  ) {
    super();
  }
}

@QueryHandler(ListPayments)
export class ListPaymentsHandler implements IQueryHandler<ListPayments> {
  constructor(private readonly database: Database) {}

  async execute({ principal, filter }: ListPayments): Promise<PaymentPage> {
    const { tenantId } = principal;
    const { limit, page, cursor } = filter;
    const owner = isAdmin(principal) ? null : principal.userId;
    const states = filter.status ? statesNamed(filter.status, PAYMENT_STATES) : null;
    const [found, counted] = await this.database.read(tenantId, [
      sql`SELECT id, order_id, user_id, event_id, venue_id, amount_charged_cents, currency, status,
          stripe_payment_intent_id, created_at
        FROM payment_transactions
        WHERE tenant_id = ${tenantId} AND (${owner}::uuid IS NULL OR user_id = ${owner}::uuid)
          AND (${cursor}::uuid IS NULL OR id < ${cursor}::uuid)
          AND (${states}::text[] IS NULL OR status = ANY(${states}::text[]))
        ORDER BY id DESC LIMIT ${limit + 1} OFFSET ${cursor ? 0 : (page - 1) * limit}`,
      sql`SELECT count(*) AS total FROM payment_transactions
        WHERE tenant_id = ${tenantId} AND (${owner}::uuid IS NULL OR user_id = ${owner}::uuid)
          AND (${states}::text[] IS NULL OR status = ANY(${states}::text[]))`,
    ]);
    const rows = found?.rows ?? [];
    const payments = rows.slice(0, limit).map(listed);
    const total = Number(counted?.rows[0]?.total ?? 0);
    const nextCursor = rows.length > limit ? (payments.at(-1)?.id ?? null) : null;
    return {
      payments,
      pagination: { page, limit, total, totalPages: Math.ceil(total / limit), nextCursor },
    };
  }
}

function listed(row: Record<string, unknown>): ListedPayment {
  return {
    id: row.id as Uuid,
    orderId: row.order_id as string | null,
    userId: row.user_id as Uuid,
    eventId: row.event_id as Uuid,
    venueId: row.venue_id as Uuid,
    amount: Number(row.amount_charged_cents),
    currency: row.currency as string,
    status: orderApiStatus(row.status as PaymentStatus),
    paymentMethod: 'stripe',
    transactionId: row.stripe_payment_intent_id as string | null,
    createdAt: (row.created_at as Date).toISOString(),
  };
}
