import fc from 'fast-check';
import { type Cents, MoneyError, sum, toCents, toPpm, ZERO } from '../../kernel/money/index.js';
import { allocateTax } from './allocate-tax.js';
import type { TaxLine, TaxQuote } from './tax-quote.js';

function line(amountCents: Cents, perTicketCents: Cents | null = null): TaxLine {
  return {
    kind: 'local',
    jurisdiction: 'US-TN-DAVIDSON',
    name: 'Nashville Local Tax',
    ratePpm: perTicketCents === null ? toPpm(27_500) : null,
    perTicketCents,
    base: 'tickets',
    confidence: 'verified',
    reason: '',
    source: '',
    effectiveFrom: null,
    taxableCents: ZERO,
    amountCents,
  };
}

function quoteOf(lines: TaxLine[]): TaxQuote {
  const totalTax = sum(lines.map((found) => found.amountCents));
  return {
    taxableAmount: ZERO,
    lines,
    stateTax: ZERO,
    localTax: totalTax,
    specialTax: ZERO,
    totalTax,
    jurisdiction: 'US-TN',
    estimate: false,
    reasons: [],
  };
}

describe('allocateTax', () => {
  const amounts = fc.bigInt({ min: 0n, max: 99_999_999n }).map(toCents);

  it('gives every cent of every line to exactly one ticket', () => {
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 50 }),
        fc.array(amounts, { maxLength: 5 }),
        (prices, taxes) => {
          const quote = quoteOf(taxes.map((tax, i) => line(tax, i % 2 ? toCents(1) : null)));
          const parts = allocateTax(quote, prices);
          expect(sum(parts.map((part) => part.total))).toBe(quote.totalTax);
          quote.lines.forEach((expected, i) => {
            expect(sum(parts.map((part) => part.lines[i] ?? ZERO))).toBe(expected.amountCents);
          });
        },
      ),
    );
  });

  it('splits a percentage by price and an amount per ticket equally', () => {
    const prices = [toCents(9_000), toCents(1_000)];
    const quote = quoteOf([line(toCents(100)), line(toCents(300), toCents(150))]);
    expect(allocateTax(quote, prices)).toEqual([
      { total: 240n, lines: [90n, 150n] },
      { total: 160n, lines: [10n, 150n] },
    ]);
  });

  it('refuses to split a tax over no tickets', () => {
    expect(() => allocateTax(quoteOf([line(toCents(1))]), [])).toThrow(MoneyError);
    expect(allocateTax(quoteOf([]), [])).toEqual([]);
  });
});
