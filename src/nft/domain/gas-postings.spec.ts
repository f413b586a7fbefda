import fc from 'fast-check';
import { newId } from '../../kernel/ids.js';
import { bookCost, gasShares, type JobCost } from './gas-postings.js';

const cost = (over: Partial<JobCost> = {}): JobCost => ({
  jobId: newId(),
  chain: 'polygon',
  gas: 144_035_220_000_000_001n,
  microUsd: 72_017n,
  restMicroUsd: 0n,
  businessDate: '2026-03-01',
  ...over,
});
const linesOf = (booked: ReturnType<typeof bookCost>) =>
  booked.journals.map(({ currency, postings }) => [
    currency,
    ...postings.map(({ account, amount }) => `${account} ${amount}`),
  ]);

describe('the cost of a job', () => {
  it('is booked in gwei, rounded up, and in whole cents', () => {
    const booked = bookCost(cost());
    expect(linesOf(booked)).toEqual([
      ['POL', 'chain:polygon:spent 144035221', 'chain:polygon:wallet -144035221'],
      ['USD', 'gas:reserve 7', 'chain:polygon:wallet -7'],
    ]);
    expect(booked.restMicroUsd).toBe(2_017n);
  });

  it('is booked in lamports as they are', () => {
    const booked = bookCost(cost({ chain: 'solana', gas: 5_512_000n }));
    expect(linesOf(booked)[0]).toEqual([
      'SOL',
      'chain:solana:spent 5512000',
      'chain:solana:wallet -5512000',
    ]);
  });

  it('of less than a cent moves no cents and is kept for the next job', () => {
    const first = bookCost(cost({ microUsd: 4_000n }));
    expect(first.journals).toHaveLength(1);
    const second = bookCost(cost({ microUsd: 7_000n, restMicroUsd: first.restMicroUsd }));
    expect(linesOf(second)[1]).toEqual(['USD', 'gas:reserve 1', 'chain:polygon:wallet -1']);
    expect(second.restMicroUsd).toBe(1_000n);
  });

  it('of nothing is not booked', () => {
    expect(bookCost(cost({ gas: 0n, microUsd: 0n })).journals).toEqual([]);
  });

  it('has the same journals whenever it is booked', () => {
    const one = cost();
    expect(bookCost(one).journals.map(({ id }) => id)).toEqual(
      bookCost(one).journals.map(({ id }) => id),
    );
  });

  it('balances line by line, within the bounds, and loses no micro-dollar', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 21n });
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 0n, max: 10n ** 12n }), (gas, microUsd) => {
        const { journals, restMicroUsd } = bookCost(cost({ gas, microUsd }));
        let cents = 0n;
        for (const { currency, postings } of journals) {
          expect(postings.reduce((sum, posting) => sum + posting.amount, 0n)).toBe(0n);
          if (currency !== 'USD') continue;
          for (const { amount: part } of postings) if (part > 0n) cents += part;
        }
        expect(cents * 10_000n + restMicroUsd).toBe(microUsd);
      }),
    );
  });
});

describe('a ticket’s part of it', () => {
  it('is the same for all but what does not divide', () => {
    expect(gasShares(11n, 3)).toEqual([4n, 4n, 3n]);
  });

  it('sums to the whole', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.integer({ min: 1, max: 100 }),
        (gas, n) => expect(gasShares(gas, n).reduce((sum, part) => sum + part, 0n)).toBe(gas),
      ),
    );
  });
});
