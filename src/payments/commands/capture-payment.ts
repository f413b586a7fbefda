import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Answer } from '../../kernel/http/answer.js';
import type { Uuid } from '../../kernel/ids.js';
import type { BegunPayment } from '../domain/payment.js';
import { Operating } from './operating.js';
import type { RequestMeta } from './request-meta.js';

/**
 * Takes an authorized payment's money, whole or in part (cents); the rest of the authorization is
 * let go. For the venue's owner and managers and administrators; `PAYMENT_STATE_CONFLICT` unless
 * it is authorized.
 */
export class CapturePayment extends Command<Answer | Refusal> {
  constructor(
    readonly paymentId: Uuid,
    readonly amountCents: number | null,
    readonly meta: RequestMeta,
  ) {
    super();
  }
}

@CommandHandler(CapturePayment)
export class CapturePaymentHandler implements ICommandHandler<CapturePayment> {
  constructor(private readonly operating: Operating) {}

  execute({ paymentId, amountCents, meta }: CapturePayment): Promise<Answer | Refusal> {
    return this.operating.execute({
      kind: 'capture',
      paymentId,
      meta,
      body: { amountCents },
      admit: (principal, payment) => admitted(principal, payment, amountCents),
      afterIntent: () => failpoint('capture.after_intent'),
      afterProvider: () => failpoint('capture.after_provider'),
    });
  }
}

function admitted(
  principal: Principal,
  { sale, status }: BegunPayment,
  amountCents: number | null,
): number | Refusal {
  if (!manages(principal, sale.venueId)) {
    return refuse('FORBIDDEN', 'Only the venue may capture a payment.');
  }
  if (status !== 'AUTHORIZED') {
    return refuse('PAYMENT_STATE_CONFLICT', 'Only an authorized payment can be captured.');
  }
  const { total } = sale.price;
  if (amountCents === null || amountCents <= total) return amountCents ?? total;
  return refuse('VALIDATION_ERROR', 'Validation failed', {
    errors: [{ field: 'amount', message: `must not exceed the authorized ${total} cents` }],
  });
}
