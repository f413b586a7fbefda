import { encodeValue } from './encode-value.js';

describe('a parameter in text form', () => {
  it.each([
    [null, null],
    [undefined, null],
    ['a "b" \\ c', 'a "b" \\ c'],
    [7, '7'],
    [9_007_199_254_740_993n, '9007199254740993'],
    [true, 'true'],
    [new Date('2026-03-01T02:03:04.005Z'), '2026-03-01T02:03:04.005Z'],
    [{ a: [1, 'x'] }, '{"a":[1,"x"]}'],
    [[], '{}'],
    [[1n, null, 'x'], '{"1",NULL,"x"}'],
    [['a "b"', '\\', 'NULL', ''], '{"a \\"b\\"","\\\\","NULL",""}'],
    [[[1], [2]], '{{"1"},{"2"}}'],
    [[{ a: 'b' }], '{"{\\"a\\":\\"b\\"}"}'],
    [[Buffer.from([0, 255])], '{"\\\\x00ff"}'],
  ])('%p is %p', (value, text) => {
    expect(encodeValue(value)).toBe(text);
  });

  it('leaves bytes as they are', () => {
    const bytes = Buffer.from([0, 1]);
    expect(encodeValue(bytes)).toBe(bytes);
  });
});
