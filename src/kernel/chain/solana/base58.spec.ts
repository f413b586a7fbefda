import fc from 'fast-check';
import { fromBase58, toBase58 } from './base58.js';

describe('base 58', () => {
  it.each([
    ['', ''],
    ['00', '1'],
    ['0000', '11'],
    ['61', '2g'],
    ['626262', 'a3gV'],
    ['73696d706c792061206c6f6e6720737472696e67', '2cFupjhnEsSn59qHXstmK2ffpLv2'],
    ['00eb15231dfceb60925886b67d065299925915aeb172c06647', '1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L'],
    ['ecac89cad93923c02321', 'EJDM8drfXA6uyA'],
  ])('writes %s as %s and reads it (draft-msporny-base58, Bitcoin)', (hex, text) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(toBase58(bytes)).toBe(text);
    expect(fromBase58(text, bytes.length)).toEqual(bytes);
  });

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(fromBase58(toBase58(bytes), bytes.length)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each(['0', 'O', 'I', 'l', ' 2', '2g ', 'ß', '+'])('does not read %j', (text) => {
    expect(fromBase58(text, 1)).toBeUndefined();
  });

  it('reads bytes of one length only', () => {
    expect(fromBase58('2g', 2)).toBeUndefined();
    expect(fromBase58('2g', 0)).toBeUndefined();
    expect(fromBase58('12g', 1)).toBeUndefined();
    expect(fromBase58('2'.repeat(100_000), 32)).toBeUndefined();
  });
});
