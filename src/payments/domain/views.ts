import { recordedTax } from '../../compliance/compliance.contract.js';
import { chargedCents, givenBack, refundableCents } from './given-back.js';
import { mintJobOf } from './mint-outlook.js';
import type { BegunPayment } from './payment.js';
import type { Price, Sale } from './sale.js';
import { orderApiStatus, v1Status } from './status-names.js';

/**
 * The price as buyers see it, in cents. `allInPrice` holds every mandatory fee (16 CFR 464), taxes
 * apart; `gasEstimate` and `platformFee` are what the buyer pays of them.
 */
export function feesView(price: Price) {
  const { tax } = price;
  const totalTax = recordedTax(tax);
  return {
    ticketPrice: price.subtotal,
    platformFee: price.payers.platformFee === 'buyer' ? price.platformFee : 0,
    gasEstimate: price.payers.gasFee === 'buyer' ? price.gasFee : 0,
    processingFee: price.processingFee,
    stateTax: recordedTax(tax, 'state'),
    localTax: recordedTax(tax, 'local'),
    specialTax: recordedTax(tax, 'special'),
    totalTax,
    allInPrice: price.total - totalTax,
    total: price.total,
    currency: price.currency,
    tier: price.tier,
    taxEstimated: tax.estimate,
    taxLines: tax.lines,
    taxNotes: tax.reasons,
  };
}

/** Each ticket with its id, as every answer and event names it. */
export function ticketsView(sale: Sale) {
  return sale.tickets.map((ticket) => ({
    id: ticket.id,
    ticketTypeId: ticket.ticketTypeId,
    seatNumber: ticket.seat,
    price: ticket.priceCents,
  }));
}

/** The payment as `/api/v1` shows it. `amount` is the ticket subtotal, `amountCharged` the total. */
export function transactionView(payment: BegunPayment) {
  const { sale } = payment;
  return {
    id: sale.paymentId,
    userId: sale.userId,
    venueId: sale.venueId,
    eventId: sale.eventId,
    orderId: sale.orderId,
    amount: sale.price.subtotal,
    amountCharged: chargedCents(payment),
    currency: sale.price.currency,
    status: v1Status(payment.status),
    stripePaymentIntentId: payment.reference,
    declineCode: payment.decline && (payment.decline.declineCode ?? payment.decline.code),
    refundedAmount: givenBack(payment).refunded,
    refundableCents: refundableCents(payment, sale.refundPolicy),
    tickets: ticketsView(sale),
    skippedLimits: sale.skippedLimits,
    metadata: { mintJobId: mintJobOf(sale) },
    createdAt: sale.startedAt,
  };
}

/** The payment as `/api/payments` shows it. `amount` is what the buyer is charged. */
export function orderPaymentView(payment: BegunPayment) {
  const { sale } = payment;
  return {
    id: sale.paymentId,
    orderId: sale.orderId,
    userId: sale.userId,
    amount: chargedCents(payment),
    currency: sale.price.currency,
    status: orderApiStatus(payment.status),
    paymentMethod: sale.charge.provider,
    transactionId: payment.reference,
    description: sale.charge.description,
    failureReason: payment.decline?.message ?? null,
    refundedAmount: givenBack(payment).refunded,
    refundableCents: refundableCents(payment, sale.refundPolicy),
    tickets: ticketsView(sale),
    skippedLimits: sale.skippedLimits,
    createdAt: sale.startedAt,
  };
}
