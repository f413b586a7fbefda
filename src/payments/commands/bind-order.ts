import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InternalCaller } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { publish } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { sql } from '../../kernel/postgres/sql.js';
import { orderPaid } from '../domain/integration-events.js';
import { isSettled, type BegunPayment } from '../domain/payment.js';
import { transactionView } from '../domain/views.js';
import { PaymentStreams } from '../infra/payment-streams.js';

export interface BoundOrder {
  readonly success: true;
  readonly orderId: string;
  readonly paymentId: Uuid;
  readonly transaction: ReturnType<typeof transactionView>;
}

/**
 * Binds a paid payment to its order, once, and tells the others (`order.paid`). Repeating it with
 * the same pair changes nothing. Refuses `NOT_FOUND`, `PAYMENT_STATE_CONFLICT` before the money is
 * in, and `ORDER_MISMATCH` where either side is bound to another (Payment Complete Notification).
 */
export class BindOrder extends Command<BoundOrder | Refusal> {
  constructor(
    readonly caller: InternalCaller,
    readonly orderId: string,
    readonly paymentId: Uuid,
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(BindOrder)
export class BindOrderHandler implements ICommandHandler<BindOrder> {
  constructor(
    private readonly database: Database,
    private readonly streams: PaymentStreams,
    private readonly clock: Clock,
  ) {}

  async execute(command: BindOrder): Promise<BoundOrder | Refusal> {
    const { caller, orderId, paymentId } = command;
    const { payment } = await this.streams.load(caller.tenantId, paymentId);
    if (payment.status === 'NONE') return refuse('NOT_FOUND', 'There is no such payment.');
    if (!isSettled(payment.status)) {
      return refuse('PAYMENT_STATE_CONFLICT', 'The payment is not completed.');
    }
    if (payment.sale.orderId !== null && payment.sale.orderId !== orderId) return mismatch();
    const bound = await this.bind(command, payment);
    if (bound !== paymentId) return mismatch();
    return { success: true, orderId, paymentId, transaction: transactionView(payment) };
  }

  /** The payment that the order is bound to now; null when this payment pays for another order. */
  private async bind(command: BindOrder, payment: BegunPayment): Promise<Uuid | null> {
    const { caller, orderId, paymentId, correlationId } = command;
    const { tenantId, service } = caller;
    try {
      await this.database.transact(tenantId, [
        sql`INSERT INTO payment_orders (tenant_id, order_id, payment_id, bound_by)
          VALUES (${tenantId}, ${orderId}, ${paymentId}, ${service})`,
        publish(tenantId, orderPaid(payment, orderId, this.clock.now(), correlationId)),
      ]);
      return paymentId;
    } catch (error) {
      if (!failedWith(error, SQLSTATE.uniqueViolation)) throw error;
      const [row] = await this.database.read(tenantId, [
        sql`SELECT payment_id FROM payment_orders
          WHERE tenant_id = ${tenantId} AND order_id = ${orderId}`,
      ]);
      return (row?.rows[0]?.payment_id ?? null) as Uuid | null;
    }
  }
}

function mismatch(): Refusal {
  return refuse('ORDER_MISMATCH', 'The order or the payment is bound to another one.');
}
