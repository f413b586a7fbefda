import fc from 'fast-check';
import { AppError } from '../errors.js';
import { isExactNumber } from './exact-number.js';
import { JSON_LIMITS } from './json-scan.js';
import { readJson } from './read-json.js';
import { isCleanText } from './text-check.js';

const read = (text: string) => readJson(Buffer.from(text));

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

const clean = fc.string({ unit: 'grapheme' }).filter(isCleanText);
const key = clean.filter((k) => !['__proto__', 'constructor', 'prototype'].includes(k));
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    clean,
    fc.maxSafeInteger(),
    fc
      .double({ noNaN: true, min: -1e15, max: 1e15 })
      .filter((n) => n === 0 || Math.abs(n) > 1e-300),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('readJson', () => {
  it('reads every decent body as JSON.parse does, however it is spaced', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts nothing that JSON.parse refuses, and never throws anything but a refusal', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '"a"',
      '1',
      '-',
      'e',
      ' ',
      'null',
      '\\u0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        if (refusal(text) === 'accepted') expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['{"a":{"b":1,"b":2}}', 'BAD_REQUEST'],
    ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', 'accepted'],
    ['{"a":"{\\"a\\":1,\\"a\\":2}"}', 'accepted'],
    ['{"a":"\\\\","a":1}', 'BAD_REQUEST'],
    ['{"a" : 1 , "a" : 2}', 'BAD_REQUEST'],
    ['{"a\\u005f":1,"a_":1}', 'BAD_REQUEST'],
    ['["a","a"]', 'accepted'],
    ['{"x":["__proto__","constructor"]}', 'accepted'],
    ['{"x":"]]]]}}}}"}', 'accepted'],
    [`${'['.repeat(16)}${']'.repeat(16)}`, 'accepted'],
    [`${'['.repeat(17)}${']'.repeat(17)}`, 'BAD_REQUEST'],
    [`[${Array(JSON_LIMITS.items).fill(1).join()}]`, 'accepted'],
    [
      `[${Array(JSON_LIMITS.items + 1)
        .fill(1)
        .join()}]`,
      'BAD_REQUEST',
    ],
  ])('%.60s: %s', (text, outcome) => {
    expect(refusal(text)).toBe(outcome);
  });
});

describe('isExactNumber', () => {
  it.each([
    ['9007199254740991', true],
    ['-9007199254740991', true],
    ['9007199254740992', false],
    ['9007199254740993', false],
    ['9.007199254740993e15', false],
    ['1e21', false],
    ['1e309', false],
    ['-1e309', false],
    ['1e-400', false],
    ['0e-400', true],
    ['0.0', true],
    ['-0', true],
    ['1.50e2', true],
    ['1500e-2', true],
    ['100e-5', true],
    ['0.1', true],
    ['0.30000000000000004', true],
    ['1.7976931348623157e-300', true],
    ['9007199254740990.5', false],
    ['100.00000000000000001', false],
    ['0.123456789012345678', false],
  ])('%s: %s', (literal, exact) => {
    expect(isExactNumber(literal)).toBe(exact);
  });

  it('accepts every safe integer and what any double in range prints as', () => {
    const double = fc.double({ noNaN: true, min: -9e15, max: 9e15 });
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), double), (n) => {
        expect(isExactNumber(JSON.stringify(n))).toBe(true);
      }),
    );
  });

  it('refuses every integer beyond the safe ones', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }), (n) => {
        expect(isExactNumber(String(n))).toBe(false);
        expect(isExactNumber(`-${n}.0`)).toBe(false);
      }),
    );
  });
});

describe('isCleanText', () => {
  it.each(['', 'a\nb\tc', 'Žofie 👩‍🚀', 'שלום', 'a\u200fb', '１００'])('accepts %j', (text) => {
    expect(isCleanText(text)).toBe(true);
  });
  it.each(['\0', '\r', '\x1b[0m', '\x7f', '\x85', '\ud800', 'x\udc00', '\u202e', '\u2066'])(
    'refuses %j',
    (text) => {
      expect(isCleanText(text)).toBe(false);
    },
  );
});
