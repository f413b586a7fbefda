import { begunPayment } from '../../../test/builders/payment.js';
import { sale } from '../../../test/builders/sale.js';
import { mintJobId, mintJobOf, mintOutlook } from './mint-outlook.js';
import { PAYMENT_STATES } from './transitions.js';

const EXPECTED = {
  awaiting_payment: [
    'PENDING',
    'PROCESSING',
    'UNKNOWN',
    'REQUIRES_ACTION',
    'AUTHORIZED',
    'IN_REVIEW',
  ],
  queued: ['PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'DISPUTED'],
  none: ['REFUNDED', 'PAYMENT_FAILED', 'CANCELLED', 'EXPIRED'],
} as const;
const CASES = Object.entries(EXPECTED).flatMap(([outlook, states]) =>
  states.map((status) => ({ status, outlook })),
);

describe('what is to be expected of tokens', () => {
  it.each(CASES)('of a payment that is $status: $outlook', ({ status, outlook }) => {
    const minted = begunPayment({ status, sale: sale({ blockchain: 'polygon' }) });
    expect(mintOutlook(minted)).toBe(outlook);
    expect(mintOutlook(begunPayment({ status }))).toBe('not_configured');
  });

  it('is said of every state', () => {
    expect(CASES.map(({ status }) => status).sort()).toEqual([...PAYMENT_STATES].sort());
  });
});

describe('the job that mints', () => {
  it('is one a payment, always the same, and none without a chain', () => {
    const [one, other] = [sale({ blockchain: 'solana' }), sale({ blockchain: 'solana' })];
    expect(mintJobOf(one)).toBe(mintJobId(one.paymentId));
    expect(mintJobOf(one)).not.toBe(mintJobOf(other));
    expect(mintJobOf(sale())).toBeNull();
  });
});
