import type { Uuid } from '../../kernel/ids.js';
import type { MintOrder } from '../../payments/payments.contract.js';
import { priorityOf, tokenName } from '../domain/mint.js';
import type { TicketsOfPayment } from '../nft.saga.js';
import type { NewMints } from './mint-rows.js';

/** What the saga tells its commands, with the tenant and the request that all began with. */
export type TicketsUnderSaga = TicketsOfPayment & {
  readonly tenantId: Uuid;
  readonly correlationId: string | null;
};

/** The rows of some of a payment's tickets, as its sale decided. */
export function newMints(order: MintOrder, about: TicketsUnderSaga, at: Date): NewMints {
  const { paymentId, venueId, eventId, blockchain, recipient, eventName, eventStartsAt } = order;
  const { tenantId, userId, ticketIds, correlationId } = about;
  return {
    tenantId,
    paymentId,
    userId,
    venueId,
    eventId,
    ticketIds,
    blockchain,
    recipient,
    name: tokenName(eventName),
    eventName,
    eventStartsAt,
    priority: priorityOf(eventStartsAt, at),
    correlationId,
  };
}
