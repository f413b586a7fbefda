import fc from 'fast-check';
import { KeyedMemoSeal } from './keyed-memo-seal.js';

const seal = new KeyedMemoSeal(['new', 'old']);

it('opens what it sealed, with the key that was first, and seals the same text the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      expect(seal.open(seal.seal(text))).toBe(text);
      expect(seal.open(new KeyedMemoSeal(['old']).seal(text))).toBe(text);
      expect(seal.seal(text)).toBe(new KeyedMemoSeal(['new']).seal(text));
    }),
  );
});

it('opens nothing with a character changed, cut or added, nor what others sealed', () => {
  const sealed = seal.seal('{"version":1}');
  fc.assert(
    fc.property(fc.nat({ max: sealed.length - 1 }), (at) => {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      expect(seal.open(sealed.slice(0, at) + other + sealed.slice(at + 1))).toBeNull();
      expect(seal.open(sealed.slice(0, at) + sealed.slice(at + 1))).toBeNull();
    }),
  );
  expect(seal.open(`${sealed}A`)).toBeNull();
  expect(seal.open(new KeyedMemoSeal(['another']).seal('{"version":1}'))).toBeNull();
  expect(seal.open('')).toBeNull();
});

it('needs a secret', () => {
  expect(() => new KeyedMemoSeal([])).toThrow();
});
