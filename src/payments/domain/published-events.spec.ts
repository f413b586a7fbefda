import { begunPayment } from '../../../test/builders/payment.js';
import { sale } from '../../../test/builders/sale.js';
import { newId } from '../../kernel/ids.js';
import type { EventToPublish } from '../../kernel/outbox/index.js';
import { eventCancelled } from './event-cancelled.js';
import { disputeChanged } from './dispute-integration-events.js';
import { lateRefundRequired, orderPaid, paymentCompleted } from './integration-events.js';
import { PAYMENT_EVENTS } from './published-events.js';
import { refundChanged } from './refund-integration-events.js';
import { reviewDecided } from './review-decided.js';

const AT = new Date('2026-01-12T18:00:00.000Z');
const sold = sale();
const payment = begunPayment({ status: 'PAID', capturedCents: sold.price.total, sale: sold });

const refund = {
  refundId: newId(),
  origin: 'request',
  amountCents: 1_000,
  parts: { tickets: 1_000 },
  ticketIds: sold.tickets.map(({ id }) => id),
  freeSeats: true,
  reason: null,
} as const;

const dispute = {
  disputeId: newId(),
  reference: 'dp_1',
  amountCents: 11_845,
  parts: { tickets: 11_845 },
  feeCents: 1_500,
  reason: 'fraudulent',
} as const;

const made: readonly EventToPublish[] = [
  paymentCompleted(payment, AT, null),
  lateRefundRequired(payment, AT, null),
  orderPaid(payment, 'order_1', AT, null),
  eventCancelled(
    sold.eventId,
    { eventId: sold.eventId, venueId: sold.venueId, refundFees: true },
    AT,
  ),
  ...(['initiated', 'completed', 'failed', 'reversed'] as const).map((what) =>
    refundChanged(`refund.${what}`, payment, refund, AT, null),
  ),
  ...(['approved', 'rejected'] as const).map((verdict) => reviewDecided(sold, { verdict, at: AT })),
  ...(['opened', 'won', 'lost'] as const).map((what) =>
    disputeChanged(`dispute.${what}`, payment, dispute, AT, null),
  ),
];

describe('the events of payments', () => {
  it('are declared, each that is made and no other', () => {
    expect(made.map(({ type }) => type).sort()).toEqual(
      PAYMENT_EVENTS.map(({ type }) => type).sort(),
    );
  });

  it.each(made.map((event) => [event.type, event] as const))(
    '%s is what its schema says, and a member more is not',
    (type, { payload, version }) => {
      const declared = PAYMENT_EVENTS.find((event) => event.type === type);
      const travelled = JSON.parse(JSON.stringify(payload)) as object;
      expect(declared?.version).toBe(version);
      expect(declared?.payload.safeParse(travelled)).toMatchObject({ success: true });
      expect(declared?.payload.safeParse({ ...travelled, email: 'a' }).success).toBe(false);
    },
  );
});
