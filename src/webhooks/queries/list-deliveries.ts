import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Delivery } from '../domain/delivery.js';
import { deliveriesReading, type DeliveryFilter, deliveryOf } from '../infra/delivery-rows.js';

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** A tenant's log of a month, the latest first; also what the platform's services were told of it. */
export class ListDeliveries extends Query<DeliveryPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly filter: DeliveryFilter,
  ) {
    super();
  }
}

@QueryHandler(ListDeliveries)
export class ListDeliveriesHandler implements IQueryHandler<ListDeliveries> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, filter }: ListDeliveries): Promise<DeliveryPage> {
    const [found] = await this.database.read(tenantId, [deliveriesReading(tenantId, filter)]);
    const all = (found?.rows ?? []).map(deliveryOf);
    const deliveries = all.slice(0, filter.limit);
    const last = deliveries.at(-1);
    return all.length > filter.limit && last ? { deliveries, nextCursor: last.id } : { deliveries };
  }
}
