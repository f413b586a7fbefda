import { Inject, Injectable } from '@nestjs/common';
import * as z from 'zod';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { askPlatform } from '../../kernel/http/ask-platform.js';
import { isUuid, type Uuid } from '../../kernel/ids.js';

const id = z.string().refine(isUuid, 'must be a UUID').toLowerCase();

const orderShape = z.object({
  id: z.string().min(1).max(64),
  userId: id,
  venueId: id,
  eventId: id,
  currency: z.string().regex(/^[A-Z]{3}$/),
  lines: z
    .array(
      z.object({
        ticketTypeId: id,
        quantity: z.int().min(1).max(10),
        priceCents: z.int().min(0).max(99_999_999),
        seatNumbers: z.array(z.string().min(1).max(32)).max(10).optional(),
      }),
    )
    .min(1)
    .max(50),
});

/** An order as the order service keeps it: who buys what, at which prices (cents). */
export type CatalogOrder = z.infer<typeof orderShape>;

/** The platform's order service, which owns orders. Rejects with ORDER_SERVICE_UNAVAILABLE. */
export abstract class OrderCatalog {
  abstract order(tenantId: Uuid, orderId: string): Promise<CatalogOrder | 'not_found'>;
}

/** The order service over HTTP: `GET /api/v1/orders/:id` with `x-tenant-id`. */
@Injectable()
export class HttpOrderCatalog extends OrderCatalog {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'platform'>) {
    super();
  }

  order(tenantId: Uuid, orderId: string): Promise<CatalogOrder | 'not_found'> {
    const { orderServiceUrl, timeoutMs } = this.config.platform;
    return askPlatform({
      baseUrl: orderServiceUrl,
      path: `/api/v1/orders/${encodeURIComponent(orderId)}`,
      tenantId,
      shape: orderShape,
      timeoutMs,
      unavailable: 'ORDER_SERVICE_UNAVAILABLE',
    });
  }
}
