import { BacktestTally, type Rejudged } from './backtest.js';
import type { Label } from './label.js';
import type { Decision } from './scoring/index.js';

const DISPUTED: readonly Label[] = [{ label: 'dispute', outcome: 'lost' }];
const APPROVED: readonly Label[] = [{ label: 'approved', outcome: null }];

let tries = 0;

const rejudged = (
  before: Decision,
  after: Decision,
  over: Partial<Omit<Rejudged, 'before' | 'after'>> = {},
): Rejudged => ({
  ...{ userId: 'ann', attemptId: `try ${++tries}`, amountCents: 10_000, currency: 'USD' },
  labels: [],
  ...over,
  before: { decision: before, reasons: before === 'approve' ? [] : ['old'] },
  after: { decision: after, reasons: after === 'approve' ? [] : ['new', 'old'] },
});

function figures(...decisions: readonly Rejudged[]) {
  const tally = new BacktestTally();
  for (const decision of decisions) tally.add(decision);
  return tally.figures();
}

it('of nothing is nothing', () => {
  const quality = { caught: 0, wronged: 0, missed: 0, precision: null };
  expect(figures()).toEqual({
    ...{ examined: 0, changed: 0, changes: [], buyersBlocked: 0, buyersLetIn: 0 },
    ...{ affected: [], reasons: [], quality: { before: quality, after: quality } },
  });
});

it('counts changes, buyers once each, and their cents by currency', () => {
  const answer = figures(
    rejudged('approve', 'decline'),
    rejudged('approve', 'decline', { amountCents: 500 }),
    rejudged('approve', 'decline', { userId: 'bob', currency: 'EUR' }),
    rejudged('decline', 'challenge', { userId: 'cyd', amountCents: 7 }),
    rejudged('approve', 'review', { userId: 'dan' }),
    rejudged('decline', 'decline', { userId: 'eve' }),
  );
  expect(answer).toMatchObject({
    examined: 6,
    changed: 5,
    buyersBlocked: 2,
    buyersLetIn: 1,
    affected: [
      { currency: 'USD', blockedCents: 10_500, letInCents: 7 },
      { currency: 'EUR', blockedCents: 10_000, letInCents: 0 },
    ],
    reasons: [
      { reason: 'new', before: 0, after: 6 },
      { reason: 'old', before: 2, after: 6 },
    ],
  });
  expect(answer.changes[0]).toEqual({ from: 'approve', to: 'decline', decisions: 3 });
});

it('counts the cents of one attempt once, however often it was tried', () => {
  const again = { attemptId: 'order 1' };
  const { affected, buyersLetIn, changed } = figures(
    rejudged('decline', 'approve', again),
    rejudged('decline', 'challenge', { ...again, amountCents: 9_000 }),
    rejudged('decline', 'approve', { ...again, userId: 'bob', amountCents: 7 }),
    rejudged('approve', 'decline', { attemptId: 'order 2' }),
    rejudged('approve', 'decline', { attemptId: 'order 2' }),
  );
  expect(affected).toEqual([{ currency: 'USD', blockedCents: 10_000, letInCents: 9_007 }]);
  expect([buyersLetIn, changed]).toEqual([2, 5]);
});

it('an attempt that got through in the end was not declined, and one that would is not', () => {
  const [first, second] = [{ attemptId: 'order 1' }, { attemptId: 'order 2' }];
  const { affected, buyersBlocked, buyersLetIn } = figures(
    rejudged('decline', 'approve', first),
    rejudged('approve', 'approve', first),
    rejudged('approve', 'decline', second),
    rejudged('approve', 'approve', second),
  );
  expect([affected, buyersBlocked, buyersLetIn]).toEqual([[], 0, 0]);
});

it('judges flags by what became of the purchases, where that is known', () => {
  const { quality } = figures(
    rejudged('approve', 'review', { labels: DISPUTED }),
    rejudged('review', 'approve', { labels: APPROVED }),
    rejudged('review', 'challenge', { labels: DISPUTED }),
    rejudged('review', 'review', { labels: APPROVED }),
    rejudged('decline', 'decline'),
  );
  expect(quality).toEqual({
    before: { caught: 1, wronged: 2, missed: 1, precision: 1 / 3 },
    after: { caught: 2, wronged: 1, missed: 0, precision: 2 / 3 },
  });
});
