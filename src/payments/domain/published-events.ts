import { z } from 'zod';
import { REVIEW_EVENTS } from '../../fraud/fraud.contract.js';
import type { EventType } from '../../kernel/outbox/index.js';

const id = () => z.guid();
const cents = (description: string) => z.int().min(0).describe(`${description}, in cents`);
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217');
const orderId = z.string().nullable().describe('The order it pays for; null for none');

const ticket = z.strictObject({
  id: id().describe('The same in every answer, event and token of this ticket'),
  ticketTypeId: id(),
  seatNumber: z.string().nullable().describe('Null for general admission'),
  price: cents('Face value'),
});

/** Whom a payment, refund or dispute concerns. */
const concerned = {
  paymentId: id(),
  orderId,
  userId: id().describe('The buyer'),
  venueId: id(),
  eventId: id(),
};

const completed = z.strictObject({
  ...concerned,
  amount: cents('What the tickets cost'),
  amountCharged: cents('What the buyer paid, fees and taxes included'),
  currency,
  tickets: z.array(ticket),
});

const paidOrder = z.strictObject({
  orderId: z.string(),
  paymentId: id(),
  userId: id().describe('The buyer'),
  eventId: id(),
  amountCharged: cents('What the buyer paid, fees and taxes included'),
  currency,
  tickets: z.array(ticket),
});

const lateRefund = z.strictObject({
  paymentId: id(),
  orderId,
  amount: cents('What goes back'),
  currency,
});

const refund = z.strictObject({
  refundId: id(),
  ...concerned,
  origin: z.string().describe('Who asked for it, such as request, cancellation or provider'),
  amount: cents('What the buyer gets back'),
  currency,
  ticketIds: z.array(id()).describe('Tickets that end with this refund'),
  refundableCents: cents('What the policy would still let back'),
});

const dispute = z.strictObject({
  disputeId: id(),
  ...concerned,
  amount: cents('What the bank has taken back'),
  fee: cents('What the provider charges for it'),
  currency,
  reason: z.string().describe('As the provider words it'),
});

const cancelledEvent = z.strictObject({
  eventId: id(),
  venueId: id(),
  refundFees: z.boolean().describe('Whether buyers get their fees back as well'),
});

const CONCERNED = {
  paymentId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21',
  orderId: 'order_1042',
  userId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b01',
  venueId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b02',
  eventId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b03',
};
const TICKETS = [
  {
    id: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23',
    ticketTypeId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b04',
    seatNumber: 'A-12',
    price: 10_000,
  },
];
const REFUND = {
  refundId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b31',
  ...CONCERNED,
  origin: 'request',
  amount: 10_000,
  currency: 'USD',
  ticketIds: TICKETS.map(({ id: ticketId }) => ticketId),
  refundableCents: 0,
};
const DISPUTE = {
  disputeId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b41',
  ...CONCERNED,
  amount: 11_845,
  fee: 1_500,
  currency: 'USD',
  reason: 'fraudulent',
};

const ofRefund = (what: string, description: string): EventType => ({
  type: `refund.${what}`,
  version: 1,
  description,
  payload: refund,
  example: REFUND,
});

const ofDispute = (what: string, description: string): EventType => ({
  type: `dispute.${what}`,
  version: 1,
  description,
  payload: dispute,
  example: DISPUTE,
});

/** Every integration event of payments. Another shape is another version. */
export const PAYMENT_EVENTS: readonly EventType[] = [
  {
    type: 'payment.completed',
    version: 1,
    description: 'The money is in and the tickets are the buyer’s. Once a payment.',
    payload: completed,
    example: {
      ...CONCERNED,
      amount: 10_000,
      amountCharged: 11_845,
      currency: 'USD',
      tickets: TICKETS,
    },
  },
  {
    type: 'payment.late_refund_required',
    version: 1,
    description: 'Money came for tickets that are gone, and goes back. Once a payment.',
    payload: lateRefund,
    example: {
      paymentId: CONCERNED.paymentId,
      orderId: CONCERNED.orderId,
      amount: 11_845,
      currency: 'USD',
    },
  },
  {
    type: 'order.paid',
    version: 1,
    description: 'A paid payment is now bound to its order. Once an order.',
    payload: paidOrder,
    example: {
      orderId: CONCERNED.orderId,
      paymentId: CONCERNED.paymentId,
      userId: CONCERNED.userId,
      eventId: CONCERNED.eventId,
      amountCharged: 11_845,
      currency: 'USD',
      tickets: TICKETS,
    },
  },
  {
    type: 'event.cancelled',
    version: 1,
    description: 'Nothing of the event is sold any more; its buyers get money back. Once an event.',
    payload: cancelledEvent,
    example: { eventId: CONCERNED.eventId, venueId: CONCERNED.venueId, refundFees: true },
  },
  ofRefund('initiated', 'A refund was asked for and its tickets are suspended. Once a refund.'),
  ofRefund('completed', 'The provider has paid the buyer; the tickets have ended. Once a refund.'),
  ofRefund('failed', 'The provider could not pay the buyer; the tickets live on. Once a refund.'),
  ofRefund('reversed', 'Money that had gone to the buyer came back to us. Once a refund.'),
  ofDispute('opened', 'The buyer’s bank has taken money back. Once a dispute.'),
  ofDispute('won', 'The money of a dispute is back. Once a dispute.'),
  ofDispute('lost', 'The money of a dispute is gone for good. Once a dispute.'),
  ...REVIEW_EVENTS,
];
