import { z } from 'zod';
import type { EventType } from '../../kernel/outbox/index.js';

/** A payment and its buyer: what fraud reads of whatever it hears about one. */
export const aboutPayment = z.object({ paymentId: z.guid(), userId: z.guid() });

export const aboutRefund = aboutPayment.extend({ ticketIds: z.array(z.guid()) });

export const REVIEW_APPROVED = 'payment.review_approved';
export const REVIEW_REJECTED = 'payment.review_rejected';
export const TICKET_RESOLD = 'ticket.resold';

/** What a reviewer decided on a payment that a verdict had held back. */
export type ReviewDecided = Readonly<{ paymentId: string; userId: string }>;

const reviewDecided = z.strictObject({
  paymentId: z.guid(),
  userId: z.guid().describe('The buyer'),
});

const REVIEW_EXAMPLE = {
  paymentId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21',
  userId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b01',
};

/** A ticket that its owner sold on; prices in cents, the original one before fees. */
export type TicketResold = Readonly<{
  ticketId: string;
  sellerId: string;
  originalPriceCents: number;
  priceCents: number;
}>;

/** Above it says nothing more. */
const MOST_CENTS = 9_999_999_999;

export const ticketResold = z.strictObject({
  ticketId: z.guid(),
  sellerId: z.guid(),
  originalPriceCents: z.int().min(0).max(MOST_CENTS).describe('What the ticket first cost'),
  priceCents: z.int().min(0).max(MOST_CENTS).describe('What the buyer paid for it, fees apart'),
});

/**
 * What fraud learns of reviews. Whoever publishes them declares them with `describeEvents`, each
 * once a decision: of a payment there is another one where the provider did not follow the first.
 */
export const REVIEW_EVENTS: readonly EventType[] = [
  {
    type: REVIEW_APPROVED,
    version: 1,
    description: 'A reviewer let a payment through that had been held back. Once a decision.',
    payload: reviewDecided,
    example: REVIEW_EXAMPLE,
  },
  {
    type: REVIEW_REJECTED,
    version: 1,
    description: 'A reviewer turned away a payment that had been held back. Once a decision.',
    payload: reviewDecided,
    example: REVIEW_EXAMPLE,
  },
];

/** What fraud learns of resales: to be declared by whoever publishes it, once a sale. */
export const RESALE_EVENTS: readonly EventType[] = [
  {
    type: TICKET_RESOLD,
    version: 1,
    description: 'A ticket was sold on by its owner, and paid for. Once a sale.',
    payload: ticketResold,
    example: {
      ticketId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23',
      sellerId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b01',
      originalPriceCents: 10_000,
      priceCents: 15_000,
    },
  },
];
