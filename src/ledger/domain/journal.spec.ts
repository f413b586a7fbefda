import { newId } from '../../kernel/ids.js';
import { MoneyError, toCents } from '../../kernel/money/index.js';
import { account } from './accounts.js';
import { journal } from './journal.js';

const draft = (...amounts: number[]) => ({
  id: newId(),
  kind: 'purchase',
  referenceId: newId(),
  currency: 'USD',
  businessDate: '2026-03-01',
  postings: amounts.map((amount, i) => ({
    account: i === 0 ? account.providerClearing('stripe') : account.platformFees,
    amount: toCents(amount),
    code: `line ${i}`,
  })),
});

describe('a journal', () => {
  it('drops empty lines', () => {
    expect(journal(draft(100, -100, 0)).postings).toHaveLength(2);
  });

  it('is refused when it does not sum to zero', () => {
    expect(() => journal(draft(100, -99))).toThrow(MoneyError);
  });

  it('is refused when nothing moves', () => {
    expect(() => journal(draft(0, 0))).toThrow(MoneyError);
  });
});
