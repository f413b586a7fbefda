import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../ids.js';
import { Database } from '../../postgres/database.js';
import { figuresReading, type LimitReport, RateLimitReports } from './rate-limit-report.js';

/** Every limit as it holds for the tenant. */
export class GetRateLimits extends Query<LimitReport[]> {
  constructor(readonly tenantId: Uuid) {
    super();
  }
}

@QueryHandler(GetRateLimits)
export class GetRateLimitsHandler implements IQueryHandler<GetRateLimits> {
  constructor(
    private readonly database: Database,
    private readonly reports: RateLimitReports,
  ) {}

  async execute({ tenantId }: GetRateLimits): Promise<LimitReport[]> {
    const [found] = await this.database.read(tenantId, [figuresReading(tenantId)]);
    return this.reports.of(found?.rows ?? []);
  }
}
