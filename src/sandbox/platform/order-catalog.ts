import { newId } from '../../kernel/ids.js';
import { Refusal, type Routes } from '../http-router.js';
import { ReceivedWebhooks } from './received-webhooks.js';
import { type EmulatedService, found, parse, serve, tenantOf } from './endpoint.js';
import { type Order, type OrderDraft, orderDraft } from './shapes.js';
import type { PlatformState } from './state.js';

/** The emulated order service: what was ordered, by whom, for which event. */
export interface OrderCatalogEmulator extends EmulatedService {
  /** What it was told of payments. */
  readonly webhooks: ReceivedWebhooks;
  /**
   * Takes venue and prices from the catalogue where the draft leaves them out, the main
   * buyer likewise; the total stays open (`null`). Refuses an unknown event or ticket type: 404.
   */
  createOrder(draft: OrderDraft, tenantId?: string): Order;
}

/** Starts it; `main` is meant wherever no tenant or user is given. */
export async function startOrderCatalog(
  state: PlatformState,
  main: { readonly tenantId: string; readonly userId: string },
  webhookSecret?: string,
  port?: number,
): Promise<OrderCatalogEmulator> {
  const createOrder = (draft: OrderDraft, tenantId = main.tenantId): Order => {
    const { events, orders } = state.of(tenantId);
    const event = events[draft.eventId];
    if (!event) throw new Refusal(404, 'NOT_FOUND', 'No such event');
    const lines = draft.lines.map((line) => {
      const type = event.ticketTypes.find(({ id }) => id === line.ticketTypeId);
      if (!type) throw new Refusal(404, 'NOT_FOUND', 'No such ticket type');
      return { priceCents: type.priceCents, ...line };
    });
    const order: Order = {
      id: newId(),
      userId: main.userId,
      venueId: event.venueId,
      currency: 'USD',
      totalCents: null,
      ...draft,
      lines,
    };
    orders[order.id] = order;
    state.changed();
    return order;
  };
  const webhooks = new ReceivedWebhooks(webhookSecret);
  const routes: Routes = {
    ...webhooks.routes('/api/v1/webhooks/payments'),
    'GET /api/v1/orders/:orderId': (call) =>
      found(state.of(tenantOf(call)).orders[call.params.orderId ?? ''], 'order'),
    'POST /__emulator/orders': ({ header, body }) => ({
      status: 201,
      body: createOrder(parse(orderDraft, body), header('x-tenant-id')),
    }),
  };
  return { ...(await serve(routes, port)), createOrder, webhooks };
}
