import { CommandBus, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '../../kernel/auth/index.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { SettlePayment } from '../commands/settle-payment.js';
import type { BegunPayment } from '../domain/payment.js';
import { PaymentStreams } from '../infra/payment-streams.js';
import { maySee } from './may-see.js';

/**
 * One payment, for those who may see it (`NOT_FOUND` for others). A payment whose outcome is
 * unknown is asked for at the provider first: reading is one of the ways it gets resolved.
 */
export class GetPayment extends Query<BegunPayment | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly paymentId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetPayment)
export class GetPaymentHandler implements IQueryHandler<GetPayment> {
  constructor(
    private readonly streams: PaymentStreams,
    private readonly commands: CommandBus,
  ) {}

  async execute({ principal, paymentId }: GetPayment): Promise<BegunPayment | Refusal> {
    const loaded = await this.streams.find(principal.tenantId, paymentId);
    if (!loaded || !maySee(principal, loaded.payment.sale)) {
      return refuse('NOT_FOUND', 'There is no such payment.');
    }
    if (loaded.payment.status !== 'UNKNOWN') return loaded.payment;
    const settled = await this.commands.execute(
      new SettlePayment(principal.tenantId, paymentId, { loaded }),
    );
    return isRefusal(settled) ? settled : settled.payment;
  }
}
