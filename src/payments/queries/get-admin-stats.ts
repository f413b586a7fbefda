import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { GetStatistics } from './get-statistics.js';

/** The last day of a tenant's payments (Payment service spec, Admin Stats); revenue in cents. */
export interface AdminStats {
  readonly last24Hours: {
    readonly total_payments: number;
    readonly successful: number;
    readonly failed: number;
    readonly pending: number;
    readonly total_revenue: number;
  };
  readonly timestamp: string;
}

export class GetAdminStats extends Query<AdminStats> {
  constructor(readonly principal: Principal) {
    super();
  }
}

@QueryHandler(GetAdminStats)
export class GetAdminStatsHandler implements IQueryHandler<GetAdminStats> {
  constructor(
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  async execute({ principal }: GetAdminStats): Promise<AdminStats> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - 86_400_000);
    const { totalPayments, totalAmount, byStatus } = await this.queries.execute(
      new GetStatistics(principal, since, null),
    );
    return {
      last24Hours: {
        total_payments: totalPayments,
        successful: byStatus.SUCCESS.count + byStatus.REFUNDED.count,
        failed: byStatus.FAILED.count + byStatus.CANCELLED.count,
        pending: byStatus.PENDING.count,
        total_revenue: totalAmount,
      },
      timestamp: now.toISOString(),
    };
  }
}
