import { newId } from '../../src/kernel/ids.js';
import type { OrderLine, SaleOrder } from '../../src/payments/domain/sale-order.js';
import type { CatalogEvent, CatalogTicketType } from '../../src/venues/venues.contract.js';
import { catalogEvent } from './catalog.js';

/** Two tickets of a type at the price it has. */
export function orderLine(type: CatalogTicketType, over: Partial<OrderLine> = {}): OrderLine {
  return {
    ticketTypeId: type.id,
    quantity: 2,
    priceCents: Number(type.priceCents),
    seatNumbers: [],
    ...over,
  };
}

/** An order of `process`: two tickets of the event's first type. */
export function saleOrder(
  over: Partial<SaleOrder> = {},
  event: CatalogEvent = catalogEvent(),
): SaleOrder {
  return {
    tenantId: newId(),
    userId: newId(),
    venueId: event.venueId,
    eventId: event.id,
    orderId: null,
    lines: event.ticketTypes.slice(0, 1).map((type) => orderLine(type)),
    method: { method: 'card', paymentMethodId: 'pm_card_visa' },
    capture: 'automatic',
    description: null,
    returnUrl: 'https://tickets.example/return',
    recipient: null,
    quotedBlockchain: null,
    deviceFingerprint: null,
    request: { operation: 'process', idempotencyKey: newId(), requestId: newId() },
    agreedTotal: null,
    ...over,
  };
}
