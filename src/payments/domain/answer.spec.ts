import { begunPayment, decline, OUTCOMES } from '../../../test/builders/payment.js';
import { sale } from '../../../test/builders/sale.js';
import { answerFor } from './answer.js';
import type { BegunPayment } from './payment.js';
import { PAYMENT_STATES } from './transitions.js';
import { feesView, orderPaymentView, transactionView } from './views.js';

const AT = new Date('2025-01-12T18:00:00.000Z');
const { action } = OUTCOMES.requires_action;

const EXPECTED = [
  ['PENDING', 202, false, false],
  ['PROCESSING', 202, false, false],
  ['UNKNOWN', 202, false, false],
  ['REQUIRES_ACTION', 200, false, false],
  ['IN_REVIEW', 202, true, false],
  ['AUTHORIZED', 200, true, true],
  ['PAID', 200, true, true],
  ['REFUNDING', 200, true, true],
  ['PARTIALLY_REFUNDED', 200, true, true],
  ['REFUNDED', 200, true, true],
  ['DISPUTED', 200, true, true],
  ['PAYMENT_FAILED', 402, false, true],
  ['CANCELLED', 200, false, true],
  ['EXPIRED', 200, false, true],
] as const;

const answer = (over: Partial<BegunPayment>) => answerFor(begunPayment(over), AT);

describe('the answer to a purchase', () => {
  it.each(EXPECTED)('%s: %i, success %s, final %s', (status, code, success, final) => {
    const declined = status === 'PAYMENT_FAILED' ? decline() : null;
    expect(answer({ status, decline: declined })).toMatchObject({
      status: code,
      body: { success },
      final,
    });
  });

  it('is given for every state', () => {
    expect(EXPECTED.map(([status]) => status).sort()).toEqual([...PAYMENT_STATES].sort());
  });

  it('of process is the transaction with its fees', () => {
    const payment = begunPayment({ status: 'PAID' });
    expect(answerFor(payment, AT).body).toEqual({
      success: true,
      transaction: transactionView(payment),
      fees: feesView(payment.sale.price),
      nftStatus: 'not_configured',
    });
  });

  it('says what becomes of the tokens', () => {
    const sold = sale({ blockchain: 'polygon' });
    const nftStatus = (status: BegunPayment['status']) =>
      (answerFor(begunPayment({ status, sale: sold }), AT).body as { nftStatus: string }).nftStatus;
    expect([nftStatus('PAID'), nftStatus('UNKNOWN')]).toEqual(['queued', 'awaiting_payment']);
  });

  it('of charge is the payment', () => {
    const payment = begunPayment({
      status: 'PAID',
      sale: sale({ request: { operation: 'charge' } }),
    });
    expect(answerFor(payment, AT).body).toEqual({
      success: true,
      payment: orderPaymentView(payment),
    });
  });

  it('hands the buyer the secret and the page while they are at hand, and only then', () => {
    const waiting = begunPayment({ status: 'REQUIRES_ACTION' });
    expect(answerFor(waiting, AT, action).body).toMatchObject({
      clientSecret: 'pi_1_secret_x',
      nextAction: { type: 'redirect_to_url', redirectToUrl: 'https://3ds.example' },
    });
    expect(answerFor(waiting, AT).body).not.toHaveProperty('clientSecret');
    const paid = begunPayment({ status: 'PAID' });
    expect(answerFor(paid, AT, action).body).not.toHaveProperty('clientSecret');
  });
});

describe('the answer to a declined purchase', () => {
  it('is an error answer with the decline code, and the payment beside it', () => {
    const payment = begunPayment({ status: 'PAYMENT_FAILED', decline: decline() });
    expect(answerFor(payment, AT).body).toMatchObject({
      error: 'Your card has insufficient funds.',
      code: 'PAYMENT_FAILED',
      declineCode: 'insufficient_funds',
      timestamp: '2025-01-12T18:00:00.000Z',
      path: '/api/v1/payments/process',
      requestId: payment.sale.request.requestId,
      success: false,
      transaction: { id: payment.sale.paymentId, status: 'failed' },
    });
  });

  it('names the route it answers', () => {
    const sold = sale({ request: { operation: 'charge' } });
    expect(answer({ status: 'PAYMENT_FAILED', sale: sold, decline: decline() }).body).toMatchObject(
      { path: '/api/payments/charge', payment: { status: 'FAILED' } },
    );
  });

  it('gives the provider’s code where the issuer gave none', () => {
    const given = decline({ declineCode: null, code: 'expired_card' });
    expect(answer({ status: 'PAYMENT_FAILED', decline: given }).body).toMatchObject({
      declineCode: 'expired_card',
    });
  });
});
