import fc from 'fast-check';
import { pathThroughRuns } from './draw-proof.js';
import { leafHash, rootFrom, rootOf } from './merkle.js';

const SIZE = 8;

describe('a path through runs', () => {
  it('proves every place against the root over all', () => {
    const tree = fc
      .integer({ min: 1, max: 90 })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
    fc.assert(
      fc.property(tree, ([size, index]) => {
        const all = Array.from({ length: size }, (_, n) => leafHash(`place ${n}`));
        const runs = Array.from({ length: Math.ceil(size / SIZE) }, (_, n) =>
          all.slice(n * SIZE, (n + 1) * SIZE),
        );
        const own = runs[Math.floor(index / SIZE)] ?? [];
        const path = pathThroughRuns(index, own, runs.map(rootOf), SIZE);
        expect(rootFrom(all[index] ?? Buffer.of(), { index, size }, path)).toEqual(rootOf(all));
      }),
    );
  });
});
