import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { canonicalWallet } from '../../kernel/chain/wallet-address.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { Answer } from '../../kernel/http/answer.js';
import type { Recipient } from '../domain/sale.js';
import type { OrderLine, SaleOrder } from '../domain/sale-order.js';
import { quoteLines } from '../domain/quote.js';
import type { ProcessPaymentDto } from '../http/process-payment.dto.js';
import { Quotes } from '../infra/quotes.js';
import { requestSignals } from '../infra/request-signals.js';
import { returnUrl } from '../infra/return-url.js';
import { Purchase } from './purchase.js';
import type { RequestMeta } from './request-meta.js';

/** Buys tickets of one event (Payment service spec, Process Payment). Answers as `answerFor` says. */
export class ProcessPayment extends Command<Answer | Refusal> {
  constructor(
    readonly body: ProcessPaymentDto,
    readonly meta: RequestMeta,
  ) {
    super();
  }
}

@CommandHandler(ProcessPayment)
export class ProcessPaymentHandler implements ICommandHandler<ProcessPayment> {
  constructor(
    private readonly purchase: Purchase,
    private readonly quotes: Quotes,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  execute({ body, meta }: ProcessPayment): Promise<Answer | Refusal> {
    const { tenantId, userId } = meta.principal;
    return this.purchase.execute({
      scope: { tenantId, userId, operation: 'process', key: meta.idempotencyKey },
      body,
      correlationId: meta.correlationId,
      order: () => Promise.resolve(this.order(body, meta)),
      visitor: {
        accessToken: meta.accessToken,
        billingAddress: body.billingAddress ?? null,
        location: body.location ?? null,
        signals: requestSignals(meta, this.config, body.deviceFingerprint, body.sessionData),
      },
    });
  }

  private order(body: ProcessPaymentDto, meta: RequestMeta): SaleOrder | Refusal {
    const { tenantId, userId } = meta.principal;
    const lines: OrderLine[] = body.tickets.map((line) => ({
      ticketTypeId: line.ticketTypeId,
      quantity: line.quantity,
      priceCents: line.price,
      seatNumbers: line.seatNumbers ?? [],
    }));
    const { venueId, eventId } = body;
    const wanted = { tenantId, userId, venueId, eventId, lines: quoteLines(lines) };
    const quote = body.quote === undefined ? null : this.quotes.accept(body.quote, wanted);
    if (quote && isRefusal(quote)) return quote;
    const { type: method, paymentMethodId } = body.paymentMethod;
    return {
      tenantId,
      userId,
      venueId,
      eventId,
      orderId: body.orderId ?? null,
      lines,
      method: { method, paymentMethodId },
      capture: body.captureMethod ?? 'automatic',
      description: null,
      returnUrl: returnUrl(this.config),
      recipient: body.recipient ? inCanonicalForm(body.recipient) : null,
      quotedBlockchain: quote?.blockchain ?? null,
      deviceFingerprint: body.deviceFingerprint ?? null,
      request: {
        operation: 'process',
        idempotencyKey: meta.idempotencyKey,
        requestId: meta.requestId,
      },
      agreedTotal: quote && { cents: quote.total, by: 'quote' },
    };
  }
}

/** Requests are checked for wallets that have one. */
function inCanonicalForm({ blockchain, address }: Recipient): Recipient {
  return { blockchain, address: canonicalWallet(blockchain, address) ?? address };
}
