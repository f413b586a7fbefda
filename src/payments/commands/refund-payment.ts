import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { userActor } from '../../kernel/audit/index.js';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Answer } from '../../kernel/http/answer.js';
import type { Uuid } from '../../kernel/ids.js';
import type { RefundWish } from '../domain/draw-up-refund.js';
import type { BegunPayment } from '../domain/payment.js';
import { REFUND } from '../infra/refund-rows.js';
import { maySee } from '../queries/may-see.js';
import { Refunding } from './refunding.js';
import type { RequestMeta } from './request-meta.js';

const HOUR_MS = 3_600_000;

/**
 * Gives money back: an amount, certain tickets, or all that the event's policy lets back (Payment
 * service spec, Refund Transaction). For the venue's owner and managers and administrators; for
 * the buyer inside the event's refund window, else `FORBIDDEN`.
 */
export class RefundPayment extends Command<Answer | Refusal> {
  constructor(
    readonly paymentId: Uuid,
    readonly wish: RefundWish,
    readonly reason: string | null,
    readonly meta: RequestMeta,
  ) {
    super();
  }
}

@CommandHandler(RefundPayment)
export class RefundPaymentHandler implements ICommandHandler<RefundPayment> {
  constructor(private readonly refunding: Refunding) {}

  execute({ paymentId, wish, reason, meta }: RefundPayment): Promise<Answer | Refusal> {
    const { principal, idempotencyKey: key, requestId, correlationId, path, at } = meta;
    const { tenantId, userId } = principal;
    return this.refunding.execute({
      ...wish,
      paymentId,
      reason,
      correlationId,
      scope: { tenantId, userId, operation: REFUND, key },
      request: { path, requestId },
      actor: userActor(principal),
      origin: 'request',
      admit: (payment) => refused(principal, payment, at),
      policy: ({ sale }) => sale.refundPolicy,
    });
  }
}

function refused(principal: Principal, { sale }: BegunPayment, at: Date): Refusal | null {
  if (!maySee(principal, sale)) return refuse('NOT_FOUND', 'There is no such payment.');
  if (manages(principal, sale.venueId)) return null;
  const open = Date.parse(sale.startedAt) + sale.refundPolicy.windowHours * HOUR_MS;
  if (at.getTime() < open) return null;
  return refuse('FORBIDDEN', 'The refund window of this event is closed. Ask the venue.');
}
