import fc from 'fast-check';
import { congestionLevel, median } from './congestion.js';

const prices = fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { maxLength: 40 });
const blocks = (cheap: number, dear: number) => [
  ...Array.from({ length: cheap }, () => 10n),
  ...Array.from({ length: dear }, () => 100n),
];

describe('congestion', () => {
  it.each([
    [0, 'low'],
    [49, 'low'],
    [50, 'medium'],
    [89, 'medium'],
    [90, 'high'],
    [100, 'high'],
  ])('with %i of 100 blocks cheaper is %s', (cheap, level) => {
    expect(congestionLevel(100n, blocks(cheap, 100 - cheap))).toBe(level);
  });

  it('is low where prices hardly move, where all are nothing, and where nothing is known', () => {
    const rising = Array.from({ length: 100 }, (_, i) => 1_000n + BigInt(i) / 2n);
    expect(congestionLevel(1_050n, rising)).toBe('low');
    expect(congestionLevel(0n, [0n, 0n, 0n])).toBe('low');
    expect(congestionLevel(5n, [])).toBe('low');
  });

  it('never falls when the price rises', () => {
    const rank = { low: 0, medium: 1, high: 2 };
    fc.assert(
      fc.property(prices, fc.bigInt({ min: 0n, max: 10n ** 30n }), (recent, price) => {
        const [lower, higher] = [price, price * 2n].map((p) => rank[congestionLevel(p, recent)]);
        expect(higher).toBeGreaterThanOrEqual(lower ?? 0);
      }),
    );
  });
});

describe('the median', () => {
  it('is a price with as many below as above, whatever the order', () => {
    expect(median([3n, 1n, 2n])).toBe(2n);
    expect(median([4n, 1n, 3n, 2n])).toBe(2n);
    expect(median([])).toBe(0n);
    fc.assert(
      fc.property(prices, (all) => {
        const middle = median(all);
        expect(all.filter((price) => price < middle).length).toBeLessThanOrEqual(all.length / 2);
        expect(all.filter((price) => price > middle).length).toBeLessThanOrEqual(all.length / 2);
      }),
    );
  });
});
