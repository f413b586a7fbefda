import { derivedId } from '../../kernel/ids.js';
import type { EventToPublish } from '../../kernel/outbox/index.js';
import type { DisputeTerms } from './dispute.js';
import type { BegunPayment } from './payment.js';

/** What other services need to know of a dispute that moves money; ids and cents only. */
export type DisputeChanged = {
  readonly disputeId: string;
  readonly paymentId: string;
  readonly orderId: string | null;
  readonly userId: string;
  readonly venueId: string;
  readonly eventId: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly reason: string;
};

/** `dispute.opened`, `dispute.won` or `dispute.lost`: each at most once a dispute. */
export function disputeChanged(
  type: `dispute.${'opened' | 'won' | 'lost'}`,
  { sale }: BegunPayment,
  terms: DisputeTerms,
  occurredAt: Date,
  correlationId: string | null,
): EventToPublish {
  const payload: DisputeChanged = {
    disputeId: terms.disputeId,
    paymentId: sale.paymentId,
    orderId: sale.orderId,
    userId: sale.userId,
    venueId: sale.venueId,
    eventId: sale.eventId,
    amount: terms.amountCents,
    fee: terms.feeCents,
    currency: sale.price.currency,
    reason: terms.reason,
  };
  return {
    id: derivedId(terms.disputeId, type),
    type,
    version: 1,
    aggregateType: 'dispute',
    aggregateId: terms.disputeId,
    occurredAt,
    ...(correlationId && { correlationId }),
    payload,
  };
}
