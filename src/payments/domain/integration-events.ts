import { derivedId } from '../../kernel/ids.js';
import type { EventToPublish } from '../../kernel/outbox/index.js';
import { chargedCents } from './given-back.js';
import type { BegunPayment } from './payment.js';
import { ticketsView } from './views.js';

/** What other services need to know of a paid purchase; ids only, no name, address or e-mail. */
export type PaymentCompleted = {
  readonly paymentId: string;
  readonly orderId: string | null;
  readonly userId: string;
  readonly venueId: string;
  readonly eventId: string;
  readonly amount: number;
  readonly amountCharged: number;
  readonly currency: string;
  readonly tickets: ReturnType<typeof ticketsView>;
};

/** `payment.completed`: the money is in and the tickets are the buyer's. Once per payment. */
export function paymentCompleted(
  payment: BegunPayment,
  occurredAt: Date,
  correlationId: string | null,
): EventToPublish {
  const { sale } = payment;
  const payload: PaymentCompleted = {
    paymentId: sale.paymentId,
    orderId: sale.orderId,
    userId: sale.userId,
    venueId: sale.venueId,
    eventId: sale.eventId,
    amount: sale.price.subtotal,
    amountCharged: chargedCents(payment),
    currency: sale.price.currency,
    tickets: ticketsView(sale),
  };
  return {
    id: derivedId(sale.paymentId, 'payment.completed'),
    type: 'payment.completed',
    version: 1,
    aggregateType: 'payment',
    aggregateId: sale.paymentId,
    occurredAt,
    ...(correlationId && { correlationId }),
    payload,
  };
}

/** `order.paid`: a paid payment is now bound to its order. Once per order. */
export function orderPaid(
  payment: BegunPayment,
  orderId: string,
  occurredAt: Date,
  correlationId: string | null,
): EventToPublish {
  const { sale } = payment;
  return {
    id: derivedId(sale.paymentId, `order.paid ${orderId}`),
    type: 'order.paid',
    version: 1,
    aggregateType: 'order',
    aggregateId: sale.paymentId,
    // The only event that an order of ours has.
    sequence: 1,
    occurredAt,
    ...(correlationId && { correlationId }),
    payload: {
      orderId,
      paymentId: sale.paymentId,
      userId: sale.userId,
      eventId: sale.eventId,
      amountCharged: chargedCents(payment),
      currency: sale.price.currency,
      tickets: ticketsView(sale),
    },
  };
}

/** `payment.late_refund_required`: money came for tickets that are gone; it has to go back. */
export function lateRefundRequired(
  { sale }: BegunPayment,
  occurredAt: Date,
  correlationId: string | null,
): EventToPublish {
  return {
    id: derivedId(sale.paymentId, 'payment.late_refund_required'),
    type: 'payment.late_refund_required',
    version: 1,
    aggregateType: 'payment',
    aggregateId: sale.paymentId,
    occurredAt,
    ...(correlationId && { correlationId }),
    payload: {
      paymentId: sale.paymentId,
      orderId: sale.orderId,
      amount: sale.price.total,
      currency: sale.price.currency,
    },
  };
}
