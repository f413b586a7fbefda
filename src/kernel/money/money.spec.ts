import fc from 'fast-check';
import { allocate, MAX_LINE_CENTS, MoneyError, percentOf, sum, toCents, toPpm } from './index.js';

const amounts = fc.bigInt({ min: -MAX_LINE_CENTS, max: MAX_LINE_CENTS }).map(toCents);
const weights = fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 1, maxLength: 40 });

describe('percentOf', () => {
  it.each([
    [1050n, 70_000, 74n],
    [-1050n, 70_000, -74n],
    [10_000n, 82_000, 820n],
    [10_000n, 79_000, 790n],
    [10_000n, 22_500, 225n],
    [10_000n, 68_750, 688n],
    [1n, 500_000, 1n],
    [0n, 70_000, 0n],
  ])('%s cents at %s ppm is %s', (amount, rate, expected) => {
    expect(percentOf(toCents(amount), toPpm(rate))).toBe(expected);
  });

  it('is odd and never further than half a cent from the exact value', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 1_000_000 }), (amount, rate) => {
        const result = percentOf(amount, toPpm(rate));
        const error = result * 1_000_000n - amount * BigInt(rate);
        expect(error <= 500_000n && error >= -500_000n).toBe(true);
        expect(percentOf(toCents(-amount), toPpm(rate))).toBe(-result);
      }),
    );
  });
});

describe('allocate', () => {
  it('loses and invents nothing, and each part is within a cent of its exact share', () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        const split = allocate(total, parts);
        expect(sum(split)).toBe(total);
        const whole = parts.reduce((a, b) => a + b, 0n);
        if (whole === 0n) return;
        split.forEach((part, i) => {
          const error = part * whole - total * (parts[i] ?? 0n);
          expect(error < whole && error > -whole).toBe(true);
        });
      }),
    );
  });

  it('gives equal remainders to the earlier part', () => {
    expect(allocate(toCents(100n), [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
  });

  it('treats all-zero weights as equal', () => {
    expect(allocate(toCents(3n), [0n, 0n])).toEqual([2n, 1n]);
  });

  it('refuses no parts and negative weights', () => {
    expect(() => allocate(toCents(1n), [])).toThrow(MoneyError);
    expect(() => allocate(toCents(1n), [-1n, 2n])).toThrow(MoneyError);
  });
});

describe('toCents', () => {
  it.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 10_000_000_000n, -10_000_000_000n])(
    'refuses %s',
    (value) => {
      expect(() => toCents(value)).toThrow(MoneyError);
    },
  );
});

describe('toPpm', () => {
  it.each([-1, 0.5, 100_000_001])('refuses %s', (value) => {
    expect(() => toPpm(value)).toThrow(MoneyError);
  });
});
