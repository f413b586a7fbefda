import fc from 'fast-check';
import { price, sale, taxLine, taxRecord } from '../../../test/builders/sale.js';
import { paidLines } from './paid-lines.js';
import { taxPart } from './tax-part.js';

const totalOf = (lines: readonly { amountCents: number }[]) =>
  lines.reduce((sum, { amountCents }) => sum + amountCents, 0);

describe('the part of a tax', () => {
  const sold = sale();

  it('that is all of it is the record itself', () => {
    const parts = Object.fromEntries(paidLines(sold, 11_845).map(({ key, cents }) => [key, cents]));
    expect(taxPart(sold, parts)).toEqual(sold.price.tax);
  });

  it('that goes back is negative, line by line', () => {
    const back = taxPart(sold, { 'tax:US-TN:state': 350, 'tax:US-TN-DAVIDSON:local': 113 }, -1);
    expect(back.lines.map(({ amountCents }) => amountCents)).toEqual([-350, -113]);
    expect(back.taxableAmount).toBe(-5_022);
  });

  it('is whole, also where two rules credit one account', () => {
    const twice = sale({
      price: price({
        tax: taxRecord({ lines: [taxLine({ amountCents: 70 }), taxLine({ amountCents: 31 })] }),
      }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 101 }), (cents) => {
        const { lines } = taxPart(twice, { 'tax:US-TN:state': cents });
        expect(totalOf(lines)).toBe(cents);
        expect(lines.every(({ amountCents }, i) => amountCents <= ([70, 31][i] ?? 0))).toBe(true);
      }),
    );
  });
});
