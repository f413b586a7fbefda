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
 * Calls off a payment whose money is not in: the venue voids an authorization, the buyer (or the
 * venue) a purchase that still waits for the buyer. `PAYMENT_STATE_CONFLICT` in every other state:
 * captured money is refunded.
 */
export class CancelPayment extends Command<Answer | Refusal> {
  constructor(
    readonly paymentId: Uuid,
    readonly meta: RequestMeta,
  ) {
    super();
  }
}

@CommandHandler(CancelPayment)
export class CancelPaymentHandler implements ICommandHandler<CancelPayment> {
  constructor(private readonly operating: Operating) {}

  execute({ paymentId, meta }: CancelPayment): Promise<Answer | Refusal> {
    return this.operating.execute({
      kind: 'cancel',
      paymentId,
      meta,
      body: {},
      admit: admitted,
      afterIntent: () => failpoint('cancel.after_intent'),
      afterProvider: () => failpoint('cancel.after_provider'),
    });
  }
}

function admitted(principal: Principal, { sale, status }: BegunPayment): null | Refusal {
  if (status === 'REQUIRES_ACTION') return null;
  if (!manages(principal, sale.venueId)) {
    return refuse('FORBIDDEN', 'Only the venue may let go of an authorization.');
  }
  if (status === 'AUTHORIZED') return null;
  return refuse(
    'PAYMENT_STATE_CONFLICT',
    'Only a payment whose money is not in can be cancelled; captured money is refunded.',
  );
}
