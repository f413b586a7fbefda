import { derivedId } from '../../kernel/ids.js';
import type { EventToPublish } from '../../kernel/outbox/index.js';
import type { BegunPayment } from './payment.js';
import { refundableCents } from './given-back.js';
import type { RefundTerms } from './refund.js';

/** What other services need to know of a refund; ids and cents only. */
export type RefundChanged = {
  readonly refundId: string;
  readonly paymentId: string;
  readonly orderId: string | null;
  readonly userId: string;
  readonly venueId: string;
  readonly eventId: string;
  readonly origin: string;
  readonly amount: number;
  readonly currency: string;
  readonly ticketIds: readonly string[];
  readonly refundableCents: number;
};

/**
 * `refund.initiated`, `refund.completed`, `refund.failed` or `refund.reversed` (it had gone
 * through, and came back): each once a refund.
 */
export function refundChanged(
  type: `refund.${'initiated' | 'completed' | 'failed' | 'reversed'}`,
  payment: BegunPayment,
  terms: RefundTerms,
  occurredAt: Date,
  correlationId: string | null,
): EventToPublish {
  const { sale } = payment;
  const payload: RefundChanged = {
    refundId: terms.refundId,
    paymentId: sale.paymentId,
    orderId: sale.orderId,
    userId: sale.userId,
    venueId: sale.venueId,
    eventId: sale.eventId,
    origin: terms.origin,
    amount: terms.amountCents,
    currency: sale.price.currency,
    ticketIds: terms.ticketIds,
    refundableCents: refundableCents(payment, sale.refundPolicy),
  };
  return {
    id: derivedId(terms.refundId, type),
    type,
    version: 1,
    aggregateType: 'refund',
    aggregateId: terms.refundId,
    occurredAt,
    ...(correlationId && { correlationId }),
    payload,
  };
}
