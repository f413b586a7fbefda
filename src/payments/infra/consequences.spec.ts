import { begunPayment, decline, providerCharge } from '../../../test/builders/payment.js';
import { sale } from '../../../test/builders/sale.js';
import { newId } from '../../kernel/ids.js';
import type { BegunPayment } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import { consequences } from './consequences.js';

const queued = begunPayment({ sale: sale({ admission: newId() }) });
const charge = providerCharge();

const texts = (event: PaymentEvent, payment: BegunPayment = queued) =>
  consequences(event, payment, new Date(), null, 2).map(({ text }) => text);

/** The places of statements in the order of their transaction, -1 for one that it does not hold. */
const places = (found: readonly string[], ...wanted: readonly RegExp[]) =>
  wanted.map((each) => found.findIndex((text) => each.test(text)));

const ACCESS = /UPDATE waiting_room_access/;
const CONSUMED = "status = 'consumed'";

describe('the access from the waiting room', () => {
  it.each<PaymentEvent>([
    { type: 'payment.authorized', charge },
    { type: 'payment.captured', charge },
    { type: 'payment.succeeded', charge },
  ])('is spent when the buyer is through: $type', (event) => {
    expect(texts(event).filter((text) => text.includes(CONSUMED))).toHaveLength(1);
    expect(texts(event, begunPayment()).some((text) => text.includes(CONSUMED))).toBe(false);
  });

  it.each<PaymentEvent>([
    { type: 'payment.processing' },
    { type: 'payment.outcome_unknown', reason: 'x' },
    { type: 'payment.requires_action', reference: 'pi_1', action: 'redirect_to_url' },
    { type: 'payment.review_required' },
  ])('stays as it is while nobody knows: $type', (event) => {
    expect(texts(event)).toEqual([]);
  });
});

describe('what purchases share is locked as a purchase does: access, limits, capacity', () => {
  const inOrder = (found: readonly number[]) => {
    expect(found).not.toContain(-1);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  };

  it.each<PaymentEvent>([
    { type: 'payment.failed', reference: null, decline: decline() },
    { type: 'payment.voided', reference: 'pi_1' },
    { type: 'payment.expired', reference: 'pi_1' },
  ])('$type', (event) => {
    inOrder(places(texts(event), ACCESS, /release_purchase_limits/, /release_capacity/));
  });

  it('payment.succeeded_late', () => {
    const found = texts({ type: 'payment.succeeded_late', charge });
    inOrder(places(found, /regain_purchase_limits/, /claim_capacity/));
  });

  it('refund.completed', () => {
    const [ticket] = queued.sale.tickets;
    const refundId = newId();
    const terms = {
      refundId,
      origin: 'request',
      amountCents: 5_000,
      parts: { tickets: 5_000 },
      ticketIds: [ticket?.id ?? ''],
      freeSeats: true,
      reason: null,
    } as const;
    const refunding = {
      ...queued,
      refunds: { [refundId]: { terms, status: 'pending', reference: null } },
    } as const;
    const found = texts({ type: 'refund.completed', refundId, reference: 're_1' }, refunding);
    inOrder(places(found, /release_purchase_limits/, /release_capacity/));
  });
});
