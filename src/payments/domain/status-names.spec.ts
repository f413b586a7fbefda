import { orderApiStatus, statesNamed, v1Status } from './status-names.js';
import { PAYMENT_STATES } from './transitions.js';

const NAMES = [
  ['PENDING', 'pending', 'PENDING'],
  ['PROCESSING', 'processing', 'PENDING'],
  ['UNKNOWN', 'processing', 'PENDING'],
  ['REQUIRES_ACTION', 'requires_action', 'PENDING'],
  ['AUTHORIZED', 'authorized', 'PENDING'],
  ['IN_REVIEW', 'in_review', 'PENDING'],
  ['PAID', 'completed', 'SUCCESS'],
  ['PAYMENT_FAILED', 'failed', 'FAILED'],
  ['CANCELLED', 'cancelled', 'CANCELLED'],
  ['EXPIRED', 'expired', 'CANCELLED'],
  ['REFUNDING', 'refunding', 'SUCCESS'],
  ['PARTIALLY_REFUNDED', 'partially_refunded', 'SUCCESS'],
  ['REFUNDED', 'refunded', 'REFUNDED'],
  ['DISPUTED', 'disputed', 'SUCCESS'],
] as const;

describe('the names of states outside', () => {
  it.each(NAMES)('%s is %s in /api/v1 and %s in /api/payments', (status, v1, orders) => {
    expect(v1Status(status)).toBe(v1);
    expect(orderApiStatus(status)).toBe(orders);
  });

  it('are given for every state', () => {
    expect(NAMES.map(([status]) => status).sort()).toEqual([...PAYMENT_STATES].sort());
  });

  it('lead back to the states, each under exactly one name', () => {
    const names = ['SUCCESS', 'REFUNDED', 'FAILED', 'CANCELLED', 'PENDING'] as const;
    const states = names.flatMap((name) => statesNamed(name, PAYMENT_STATES));
    expect(states.sort()).toEqual([...PAYMENT_STATES].sort());
    expect(statesNamed('CANCELLED', PAYMENT_STATES)).toEqual(['CANCELLED', 'EXPIRED']);
  });
});
