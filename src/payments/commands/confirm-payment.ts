import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '../../kernel/auth/index.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { Answer } from '../../kernel/http/answer.js';
import type { Uuid } from '../../kernel/ids.js';
import { PaymentStreams } from '../infra/payment-streams.js';
import { maySee } from '../queries/may-see.js';
import { SettlePayment } from './settle-payment.js';

/**
 * After the buyer's action (3-D Secure): asks the provider how it went and answers like the
 * purchase itself. Refuses `NOT_FOUND` for a payment of somebody else.
 */
export class ConfirmPayment extends Command<Answer | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly paymentId: Uuid,
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(ConfirmPayment)
export class ConfirmPaymentHandler implements ICommandHandler<ConfirmPayment> {
  constructor(
    private readonly streams: PaymentStreams,
    private readonly commands: CommandBus,
  ) {}

  async execute({
    principal,
    paymentId,
    correlationId,
  }: ConfirmPayment): Promise<Answer | Refusal> {
    const { tenantId } = principal;
    const loaded = await this.streams.find(tenantId, paymentId);
    if (!loaded || !maySee(principal, loaded.payment.sale)) {
      return refuse('NOT_FOUND', 'There is no such payment.');
    }
    const settled = await this.commands.execute(
      new SettlePayment(tenantId, paymentId, { loaded, correlationId }),
    );
    return isRefusal(settled) ? settled : Answer.of(settled.answer.status, settled.answer.body);
  }
}
