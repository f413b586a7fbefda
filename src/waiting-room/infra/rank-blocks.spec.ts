import fc from 'fast-check';
import { blocksOf, rankIn } from './rank-blocks.js';

const SIZE = 8;

/** Blocks as the database counts them. */
function counted(ordinals: readonly number[]) {
  const counts = new Map<number, number>();
  for (const ordinal of ordinals) {
    const number = Math.floor(ordinal / SIZE);
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return blocksOf([...counts].map(([number, waiting]) => ({ number, waiting })));
}

describe('a rank by blocks', () => {
  it('is the number of those before, whatever gaps there are', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 500 }), { minLength: 1, maxLength: 100 }),
        (ordinals) => {
          const blocks = counted(ordinals);
          const sorted = [...ordinals].sort((a, b) => a - b);
          for (const [rank, ordinal] of sorted.entries()) {
            const number = Math.floor(ordinal / SIZE);
            const within = sorted.filter((o) => o < ordinal && o >= number * SIZE).length;
            expect(rankIn(blocks, number, within)).toBe(rank);
          }
          expect(blocks.total).toBe(ordinals.length);
        },
      ),
    );
  });

  it('comes after all that were counted in a block that is newer than the count', () => {
    expect(rankIn(counted([1, 2, 9]), 7, 4)).toBe(7);
  });

  it('counts those not drawn yet among all, but before nobody', () => {
    const blocks = blocksOf([
      { number: null, waiting: 5 },
      { number: 3, waiting: 2 },
    ]);
    expect(blocks.total).toBe(7);
    expect(rankIn(blocks, 3, 1)).toBe(1);
  });
});
