import { begunPayment } from '../../../test/builders/payment.js';
import { sale } from '../../../test/builders/sale.js';
import { orderPaid, paymentCompleted } from './integration-events.js';
import { ticketsView } from './views.js';

const AT = new Date('2025-01-12T18:00:00.000Z');
const sold = sale({ recipient: { blockchain: 'polygon', address: '0x5290' } });
const payment = begunPayment({ status: 'PAID', capturedCents: 11_845, sale: sold });

describe('payment.completed', () => {
  it('tells what was paid and which tickets are the buyer’s', () => {
    expect(paymentCompleted(payment, AT, 'correlation-1')).toMatchObject({
      type: 'payment.completed',
      version: 1,
      aggregateType: 'payment',
      aggregateId: sold.paymentId,
      occurredAt: AT,
      correlationId: 'correlation-1',
      payload: {
        paymentId: sold.paymentId,
        amount: 10_000,
        amountCharged: 11_845,
        currency: 'USD',
        tickets: ticketsView(sold),
      },
    });
  });

  it('has one id per payment, whoever tells it and when', () => {
    const again = paymentCompleted(payment, new Date(0), null);
    expect(again.id).toBe(paymentCompleted(payment, AT, 'x').id);
    expect(again).not.toHaveProperty('correlationId');
    const other = begunPayment({ sale: sale() });
    expect(paymentCompleted(other, AT, null).id).not.toBe(again.id);
  });

  it('carries references only, no address', () => {
    expect(JSON.stringify(paymentCompleted(payment, AT, null))).not.toContain('0x5290');
  });
});

describe('order.paid', () => {
  it('binds the payment to the order it is told of, one id per pair', () => {
    const paid = orderPaid(payment, 'order_1', AT, null);
    expect(paid).toMatchObject({
      type: 'order.paid',
      aggregateType: 'order',
      payload: { orderId: 'order_1', paymentId: sold.paymentId, amountCharged: 11_845 },
    });
    expect(orderPaid(payment, 'order_1', new Date(0), 'x').id).toBe(paid.id);
    expect(orderPaid(payment, 'order_2', AT, null).id).not.toBe(paid.id);
    expect(paymentCompleted(payment, AT, null).id).not.toBe(paid.id);
  });
});
