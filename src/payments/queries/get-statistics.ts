import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { isAdmin, type Principal } from '../../kernel/auth/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { orderApiStatus, type OrderApiStatus } from '../domain/status-names.js';
import type { PaymentStatus } from '../domain/transitions.js';

/** Counts and captured cents, per status and in all. */
export interface Statistics {
  readonly totalPayments: number;
  readonly totalAmount: number;
  readonly currency: string;
  readonly byStatus: Readonly<Record<OrderApiStatus, { count: number; amount: number }>>;
  readonly period: { readonly from: string | null; readonly to: string | null };
}

/** A user's own figures, an administrator's tenant's, in `from ≤ created < to`. */
export class GetStatistics extends Query<Statistics> {
  constructor(
    readonly principal: Principal,
    readonly from: Date | null,
    readonly to: Date | null,
  ) {
    super();
  }
}

@QueryHandler(GetStatistics)
export class GetStatisticsHandler implements IQueryHandler<GetStatistics> {
  constructor(private readonly database: Database) {}

  async execute({ principal, from, to }: GetStatistics): Promise<Statistics> {
    const rows = await this.counts(
      principal.tenantId,
      isAdmin(principal) ? null : principal.userId,
      {
        from,
        to,
      },
    );
    const byStatus = {
      SUCCESS: none(),
      PENDING: none(),
      FAILED: none(),
      REFUNDED: none(),
      CANCELLED: none(),
    };
    for (const row of rows) {
      const bucket = byStatus[orderApiStatus(row.status)];
      bucket.count += row.count;
      bucket.amount += row.captured;
    }
    const all = Object.values(byStatus);
    return {
      totalPayments: all.reduce((sum, { count }) => sum + count, 0),
      totalAmount: all.reduce((sum, { amount }) => sum + amount, 0),
      currency: 'USD',
      byStatus,
      period: { from: from?.toISOString() ?? null, to: to?.toISOString() ?? null },
    };
  }

  private async counts(
    tenantId: Uuid,
    owner: Uuid | null,
    { from, to }: { from: Date | null; to: Date | null },
  ): Promise<{ status: PaymentStatus; count: number; captured: number }[]> {
    const [result] = await this.database.read(tenantId, [
      sql`SELECT status, count(*) AS payments, coalesce(sum(captured_cents), 0)::bigint AS captured
        FROM payment_transactions
        WHERE tenant_id = ${tenantId} AND (${owner}::uuid IS NULL OR user_id = ${owner}::uuid)
          AND created_at >= coalesce(${from}::timestamptz, '-infinity')
          AND created_at < coalesce(${to}::timestamptz, 'infinity')
        GROUP BY status`,
    ]);
    return (result?.rows ?? []).map((row) => ({
      status: row.status as PaymentStatus,
      count: Number(row.payments),
      captured: Number(row.captured),
    }));
  }
}

const none = () => ({ count: 0, amount: 0 });
