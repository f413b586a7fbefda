import { type Cost, costJournal, type CostBearing, disputeOf, isCost } from './cost-journal.js';
import type { Difference } from './difference.js';
import type { Movement } from './movements.js';

const PAYMENT = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';

const cost = (cents: bigint, movement: Movement = 'processing_cost') => ({
  cause: 'not_booked' as const,
  movement,
  subjectType: 'provider_line',
  subjectId: 'txn_1',
  paymentId: PAYMENT,
  cents,
  atRiskCents: cents < 0n ? -cents : cents,
  currency: 'USD',
  fix: 'review' as const,
  occurredAt: new Date(0),
  details: {},
});
const bearing = (payer: CostBearing['payer']): CostBearing => ({
  venueId: 'venue',
  payer,
  businessDate: '2026-01-12',
});
const lines = (...args: Parameters<typeof costJournal>) =>
  costJournal(...args).journal.postings.map(({ account, amount }) => [account, Number(amount)]);

describe('what the provider takes for a charge', () => {
  it.each(['platform', 'buyer'] as const)(
    'is the platform’s where the payer is the %s',
    (payer) => {
      expect(lines(cost(-320n), bearing(payer), 'stripe')).toEqual([
        ['platform:processing-cost', 320],
        ['provider:stripe:clearing', -320],
      ]);
      expect(costJournal(cost(-320n), bearing(payer), 'stripe').draw).toBeNull();
    },
  );

  it('is drawn from the venue where the venue is the payer', () => {
    const { draw } = costJournal(cost(-320n), bearing('venue'), 'stripe');
    expect(draw).toEqual({
      code: 'processing_cost',
      from: ['venue:venue:pending', 'venue:venue:available'],
      lock: 'venue venue',
    });
  });

  it('is one journal a line, whoever draws it up', () => {
    const id = (over: Partial<Difference> = {}) =>
      costJournal({ ...cost(-320n), ...over } as never, bearing('buyer'), 'stripe').journal.id;
    expect(id()).toBe(id({ occurredAt: new Date() }));
    expect(id({ subjectId: 'txn_2' })).not.toBe(id());
  });
});

it('a dispute’s fee that comes back is the platform’s again, whoever pays for charges', () => {
  expect(lines(cost(1_500n, 'dispute_fee_return'), bearing('venue'), 'stripe')).toEqual([
    ['platform:dispute-fees', -1_500],
    ['provider:stripe:clearing', 1_500],
  ]);
});

describe('a dispute’s fee', () => {
  const fee: Cost = { ...cost(-1_500n, 'dispute_fee'), details: { source: 'du_1' } };

  it('is the platform’s, and one journal a dispute, under the id that it is given', () => {
    expect(lines(fee, bearing('venue'), 'stripe')).toEqual([
      ['platform:dispute-fees', 1_500],
      ['provider:stripe:clearing', -1_500],
    ]);
    const { journal } = costJournal(fee, bearing('venue'), 'stripe', PAYMENT);
    expect(journal).toMatchObject({ id: PAYMENT, kind: 'dispute_fee' });
  });

  it('names its dispute; other costs name none', () => {
    expect(disputeOf(fee)).toBe('du_1');
    expect(disputeOf({ ...cost(1_500n, 'dispute_fee_return'), details: fee.details })).toBeNull();
  });
});

it('only what the line itself tells is a cost', () => {
  expect(isCost(cost(-1n))).toBe(true);
  expect(isCost(cost(1n, 'dispute_fee_return'))).toBe(true);
  expect(isCost(cost(-1n, 'dispute_fee'))).toBe(true);
  expect(isCost(cost(-1n, 'dispute'))).toBe(false);
  expect(isCost({ ...cost(-1n), paymentId: null })).toBe(false);
  expect(isCost({ ...cost(-1n), cause: 'amount_differs' })).toBe(false);
});
