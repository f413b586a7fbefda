import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Answer } from '../../kernel/http/answer.js';
import type { SaleOrder } from '../domain/sale-order.js';
import type { ChargeOrderDto } from '../http/charge-order.dto.js';
import { OrderCatalog } from '../infra/order-catalog.js';
import { requestSignals } from '../infra/request-signals.js';
import { returnUrl } from '../infra/return-url.js';
import { Purchase } from './purchase.js';
import type { RequestMeta } from './request-meta.js';

/**
 * Pays an order of the order service. What is sold and at which prices is the order's; `amount`
 * must be the total that fees and taxes make of it (`PRICE_CHANGED` tells that total otherwise).
 * Refuses `NOT_FOUND` for an order of somebody else.
 */
export class ChargeOrder extends Command<Answer | Refusal> {
  constructor(
    readonly body: ChargeOrderDto,
    readonly meta: RequestMeta,
  ) {
    super();
  }
}

@CommandHandler(ChargeOrder)
export class ChargeOrderHandler implements ICommandHandler<ChargeOrder> {
  constructor(
    private readonly purchase: Purchase,
    private readonly orders: OrderCatalog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  execute({ body, meta }: ChargeOrder): Promise<Answer | Refusal> {
    const { tenantId, userId } = meta.principal;
    return this.purchase.execute({
      scope: { tenantId, userId, operation: 'charge', key: meta.idempotencyKey },
      body,
      correlationId: meta.correlationId,
      order: () => this.order(body, meta),
      visitor: {
        accessToken: meta.accessToken,
        billingAddress: null,
        location: null,
        signals: requestSignals(meta, this.config),
      },
    });
  }

  private async order(body: ChargeOrderDto, meta: RequestMeta): Promise<SaleOrder | Refusal> {
    const { tenantId, userId } = meta.principal;
    const order = await this.orders.order(tenantId, body.orderId);
    if (order === 'not_found' || order.userId !== userId) {
      return refuse('NOT_FOUND', 'There is no such order.');
    }
    if (order.currency !== body.currency) {
      return refuse('PRICE_CHANGED', `The order is in ${order.currency}.`, {
        extra: { currency: order.currency },
      });
    }
    return {
      tenantId,
      userId,
      venueId: order.venueId,
      eventId: order.eventId,
      orderId: order.id,
      lines: order.lines.map(({ seatNumbers = [], ...line }) => ({ ...line, seatNumbers })),
      method: { method: 'card', paymentMethodId: body.paymentMethodId },
      capture: 'automatic',
      description: body.description ?? null,
      returnUrl: returnUrl(this.config),
      recipient: null,
      quotedBlockchain: null,
      deviceFingerprint: null,
      request: {
        operation: 'charge',
        idempotencyKey: meta.idempotencyKey,
        requestId: meta.requestId,
      },
      agreedTotal: { cents: body.amount, by: 'amount' },
    };
  }
}
