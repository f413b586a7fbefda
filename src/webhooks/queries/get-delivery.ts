import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { DeliveryReport } from '../domain/delivery.js';
import { deliveryReading, reportOf } from '../infra/delivery-rows.js';
import { PlatformEndpoints } from '../infra/platform-endpoints.js';

/**
 * A delivery with its body and every try; what the platform's own services answered is left out.
 * Refuses `NOT_FOUND`.
 */
export class GetDelivery extends Query<DeliveryReport | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly id: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetDelivery)
export class GetDeliveryHandler implements IQueryHandler<GetDelivery> {
  constructor(
    private readonly database: Database,
    private readonly platform: PlatformEndpoints,
  ) {}

  async execute({ tenantId, id }: GetDelivery): Promise<DeliveryReport | Refusal> {
    const [found, attempts] = await this.database.read(tenantId, deliveryReading(tenantId, id));
    const row = found?.rows[0];
    if (!row) return refuse('NOT_FOUND', 'There is no such delivery');
    const report = reportOf(row, attempts?.rows ?? []);
    if (!this.platform.owns(report.endpointId)) return report;
    return { ...report, log: report.log.map((each) => ({ ...each, answerExcerpt: null })) };
  }
}
