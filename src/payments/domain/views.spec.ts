import { begunPayment, decline } from '../../../test/builders/payment.js';
import { price, sale, saleTicket, taxLine, taxRecord } from '../../../test/builders/sale.js';
import { mintJobId } from './mint-outlook.js';
import { feesView, orderPaymentView, ticketsView, transactionView } from './views.js';

describe('the fees a buyer is shown', () => {
  it('are the specification’s figures, the first price with every mandatory fee', () => {
    expect(feesView(price())).toMatchObject({
      ticketPrice: 10_000,
      platformFee: 820,
      gasEstimate: 100,
      processingFee: 0,
      stateTax: 700,
      localTax: 225,
      specialTax: 0,
      totalTax: 925,
      allInPrice: 10_920,
      total: 11_845,
      currency: 'USD',
      tier: 'starter',
      taxEstimated: false,
    });
  });

  it('are none that somebody else pays', () => {
    const payers = { platformFee: 'venue', gasFee: 'platform', processingFee: 'venue' } as const;
    expect(feesView(price({ payers }))).toMatchObject({
      platformFee: 0,
      gasEstimate: 0,
      allInPrice: 10_000,
      total: 10_925,
    });
  });

  it('add up: tickets, fees and taxes are the total', () => {
    const payers = { platformFee: 'buyer', gasFee: 'buyer', processingFee: 'buyer' } as const;
    const view = feesView(price({ payers, processingFee: 344 }));
    const { ticketPrice, platformFee, gasEstimate, processingFee, totalTax, total } = view;
    expect(ticketPrice + platformFee + gasEstimate + processingFee + totalTax).toBe(total);
    expect(view.allInPrice).toBe(total - totalTax);
  });

  it('say what about the tax is estimated, line by line', () => {
    const lines = [taxLine({ kind: 'special', amountCents: 100, confidence: 'estimate' })];
    const tax = taxRecord({ lines, estimate: true, reasons: ['the city’s rate is not verified'] });
    expect(feesView(price({ tax }))).toMatchObject({
      specialTax: 100,
      totalTax: 100,
      taxEstimated: true,
      taxLines: lines,
      taxNotes: ['the city’s rate is not verified'],
    });
  });
});

const seat = saleTicket({ seat: 'A1' });
const sold = sale({
  tickets: [seat],
  orderId: 'order_123',
  charge: { description: 'Two nights' },
});
const ticket = { id: seat.id, ticketTypeId: seat.ticketTypeId, seatNumber: 'A1', price: 5_000 };

describe('a payment as it is shown', () => {
  const paid = begunPayment({
    sale: sold,
    status: 'PAID',
    capturedCents: 11_845,
    reference: 'pi_1',
  });

  it('names every ticket with its id', () => {
    expect(ticketsView(sold)).toEqual([ticket]);
  });

  it('by /api/v1: amount is the subtotal, amountCharged the total', () => {
    expect(transactionView(paid)).toEqual({
      id: sold.paymentId,
      userId: sold.userId,
      venueId: sold.venueId,
      eventId: sold.eventId,
      orderId: 'order_123',
      amount: 10_000,
      amountCharged: 11_845,
      currency: 'USD',
      status: 'completed',
      stripePaymentIntentId: 'pi_1',
      declineCode: null,
      refundedAmount: 0,
      refundableCents: 10_925,
      tickets: [ticket],
      skippedLimits: [],
      metadata: { mintJobId: null },
      createdAt: sold.startedAt,
    });
  });

  it('names the job that mints its tickets, where there is a chain for them', () => {
    const minted = sale({ ...sold, blockchain: 'solana' });
    expect(transactionView(begunPayment({ sale: minted })).metadata).toEqual({
      mintJobId: mintJobId(sold.paymentId),
    });
  });

  it('by /api/payments: amount is the total', () => {
    expect(orderPaymentView(paid)).toEqual({
      id: sold.paymentId,
      orderId: 'order_123',
      userId: sold.userId,
      amount: 11_845,
      currency: 'USD',
      status: 'SUCCESS',
      paymentMethod: 'stripe',
      transactionId: 'pi_1',
      description: 'Two nights',
      failureReason: null,
      refundedAmount: 0,
      refundableCents: 10_925,
      tickets: [ticket],
      skippedLimits: [],
      createdAt: sold.startedAt,
    });
  });

  it('tells why it was declined: the issuer’s code, else the provider’s', () => {
    const failed = (given: Parameters<typeof decline>[0]) =>
      begunPayment({ status: 'PAYMENT_FAILED', decline: decline(given) });
    expect(transactionView(failed({})).declineCode).toBe('insufficient_funds');
    expect(transactionView(failed({ declineCode: null })).declineCode).toBe('card_declined');
    expect(orderPaymentView(failed({})).failureReason).toBe('Your card has insufficient funds.');
  });
});
