import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { DeliveryReport } from '../domain/delivery.js';
import { deliveryReading, reportOf } from '../infra/delivery-rows.js';

/** A delivery with its body and every try. Refuses `NOT_FOUND`. */
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
  constructor(private readonly database: Database) {}

  async execute({ tenantId, id }: GetDelivery): Promise<DeliveryReport | Refusal> {
    const [found, attempts] = await this.database.read(tenantId, deliveryReading(tenantId, id));
    const row = found?.rows[0];
    if (!row) return refuse('NOT_FOUND', 'There is no such delivery');
    return reportOf(row, attempts?.rows ?? []);
  }
}
