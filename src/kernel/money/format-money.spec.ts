import fc from 'fast-check';
import { formatMoney, MAX_LINE_CENTS, toCents } from './index.js';

describe('formatMoney', () => {
  it.each([
    [0n, 'USD', '$0.00'],
    [1n, 'USD', '$0.01'],
    [-1n, 'USD', '-$0.01'],
    [11_895n, 'USD', '$118.95'],
    [-11_895n, 'USD', '-$118.95'],
    [100_000n, 'EUR', '€1,000.00'],
    [500n, 'JPY', '¥500'],
    [-500n, 'JPY', '-¥500'],
    [MAX_LINE_CENTS, 'USD', '$99,999,999.99'],
  ])('%s %s is %s', (amount, currency, expected) => {
    expect(formatMoney(toCents(amount), currency)).toBe(expected);
  });

  it('shows every digit of every amount', () => {
    const amounts = fc.bigInt({ min: -MAX_LINE_CENTS, max: MAX_LINE_CENTS });
    fc.assert(
      fc.property(amounts, (amount) => {
        const text = formatMoney(toCents(amount), 'USD');
        const magnitude = amount < 0n ? -amount : amount;
        expect(BigInt(text.replace(/\D/g, ''))).toBe(magnitude);
        expect(text.startsWith('-')).toBe(amount < 0n);
      }),
    );
  });
});
