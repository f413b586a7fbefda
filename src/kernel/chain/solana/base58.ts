const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const DIGITS = new Map(Array.from(ALPHABET, (letter, digit) => [letter, BigInt(digit)]));
const BASE = 58n;

/** Bytes as Bitcoin and Solana write them: base 58, a `1` for each leading zero byte. */
export function toBase58(bytes: Uint8Array): string {
  const zeros = leading(bytes, (byte) => byte === 0);
  let value = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= BASE) text = (ALPHABET[Number(value % BASE)] ?? '') + text;
  return '1'.repeat(zeros) + text;
}

/** `length` bytes of base-58 text; undefined when it is anything else. */
export function fromBase58(text: string, length: number): Buffer | undefined {
  // Every byte takes log 256 / log 58 = 1.37 letters at most: longer texts are not worth reading.
  if (text.length > Math.ceil(length * 1.37)) return undefined;
  const zeros = leading(text, (letter) => letter === '1');
  let value = 0n;
  for (const letter of text) {
    const digit = DIGITS.get(letter);
    if (digit === undefined) return undefined;
    value = value * BASE + digit;
  }
  const hex = value === 0n ? '' : value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return bytes.length + zeros === length ? Buffer.concat([Buffer.alloc(zeros), bytes]) : undefined;
}

function leading<T>(items: Iterable<T>, fits: (item: T) => boolean): number {
  let count = 0;
  for (const item of items) {
    if (!fits(item)) break;
    count += 1;
  }
  return count;
}
