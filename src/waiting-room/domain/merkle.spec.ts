import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { leafHash, pathOf, rootFrom, rootOf } from './merkle.js';

const leaves = (size: number) => Array.from({ length: size }, (_, n) => leafHash(`place ${n}`));
const hash = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

describe('the root', () => {
  it('is built as RFC 9162 says', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((text) => hash('\0', text));
    const left = hash('\u0001', a ?? '', b ?? '');
    expect(rootOf(['a', 'b', 'c'].map(leafHash))).toEqual(hash('\u0001', left, c ?? ''));
    expect(rootOf([leafHash('a')])).toEqual(hash('\0', 'a'));
    expect(rootOf([]).toString('hex')).toMatch(/^e3b0c44298fc1c14/);
  });

  it('changes with the order', () => {
    expect(rootOf(leaves(5).reverse())).not.toEqual(rootOf(leaves(5)));
  });

  it.each([1, 1_023, 1_024, 1_025, 2_048, 2_500, 4_097])(
    'over %i leaves is the root over the roots of its runs of 1,024',
    (size) => {
      const all = leaves(size);
      const runs = Array.from({ length: Math.ceil(size / 1_024) }, (_, n) =>
        rootOf(all.slice(n * 1_024, (n + 1) * 1_024)),
      );
      expect(rootOf(runs)).toEqual(rootOf(all));
    },
  );
});

describe('a path', () => {
  const tree = fc
    .integer({ min: 1, max: 70 })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

  it('leads from every leaf to the root', () => {
    fc.assert(
      fc.property(tree, ([size, index]) => {
        const all = leaves(size);
        const found = rootFrom(all[index] ?? Buffer.of(), { index, size }, pathOf(all, index));
        expect(found).toEqual(rootOf(all));
      }),
    );
  });

  it('leads nowhere from another leaf, at another rank, with a sibling more or less', () => {
    fc.assert(
      fc.property(tree, ([size, index]) => {
        const all = leaves(size);
        const [leaf = Buffer.of(), path] = [all[index], pathOf(all, index)];
        const root = rootOf(all);
        expect(rootFrom(leafHash('somebody'), { index, size }, path)).not.toEqual(root);
        expect(rootFrom(leaf, { index: size, size }, path)).toBeUndefined();
        expect(rootFrom(leaf, { index, size }, [...path, root])).toBeUndefined();
        if (size > 1) {
          const other = (index + 1) % size;
          expect(rootFrom(leaf, { index: other, size }, path)).not.toEqual(root);
          expect(rootFrom(leaf, { index, size }, path.slice(1))).not.toEqual(root);
        }
      }),
    );
  });
});
