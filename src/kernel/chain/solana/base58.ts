const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const DIGITS = new Map(Array.from(ALPHABET, (letter, digit) => [letter, digit]));
const BASE = 58;
/** As many digits as a number holds exactly: large integers are slow, so they get few operations. */
const CHUNK = 9;
const CHUNK_BASE = BigInt(BASE ** CHUNK);

/** Bytes as Bitcoin and Solana write them: base 58, a `1` for each leading zero byte. */
export function toBase58(bytes: Uint8Array): string {
  const zeros = leading(bytes, (byte) => byte === 0);
  let value = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  while (value >= CHUNK_BASE) {
    text = digitsOf(Number(value % CHUNK_BASE)).padStart(CHUNK, '1') + text;
    value /= CHUNK_BASE;
  }
  return '1'.repeat(zeros) + digitsOf(Number(value)) + text;
}

/** `length` bytes of base-58 text; undefined when it is anything else. */
export function fromBase58(text: string, length: number): Buffer | undefined {
  // Every byte takes log 256 / log 58 = 1.37 letters at most: longer texts are not worth reading.
  if (text.length > Math.ceil(length * 1.37)) return undefined;
  const zeros = leading(text, (letter) => letter === '1');
  let value = 0n;
  for (let at = 0; at < text.length; at += CHUNK) {
    const letters = text.slice(at, at + CHUNK);
    const chunk = numberOf(letters);
    if (chunk === undefined) return undefined;
    value = value * BigInt(BASE ** letters.length) + BigInt(chunk);
  }
  const hex = value === 0n ? '' : value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return bytes.length + zeros === length ? Buffer.concat([Buffer.alloc(zeros), bytes]) : undefined;
}

function digitsOf(number: number): string {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / BASE)) {
    text = (ALPHABET[rest % BASE] ?? '') + text;
  }
  return text;
}

function numberOf(letters: string): number | undefined {
  let number = 0;
  for (const letter of letters) {
    const digit = DIGITS.get(letter);
    if (digit === undefined) return undefined;
    number = number * BASE + digit;
  }
  return number;
}

function leading<T>(items: Iterable<T>, fits: (item: T) => boolean): number {
  let count = 0;
  for (const item of items) {
    if (!fits(item)) break;
    count += 1;
  }
  return count;
}
