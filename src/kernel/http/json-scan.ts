import { AppError } from '../errors.js';
import { isExactNumber } from './exact-number.js';

/** Bounds of a request body, checked on its text before anything is built from it. */
export const JSON_LIMITS = { depth: 16, keys: 20_000, items: 2_000 } as const;

const POISONED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

interface Container {
  /** The keys seen so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  items: number;
}

const refuse = (message: string) => new AppError('BAD_REQUEST', message);

/** The index of the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  throw refuse('The body is not valid JSON');
}

const NEITHER_KEY_NOR_VALUE = /[^\s]/g;

function isKey(text: string, end: number): boolean {
  NEITHER_KEY_NOR_VALUE.lastIndex = end + 1;
  return NEITHER_KEY_NOR_VALUE.exec(text)?.[0] === ':';
}

function decode(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw refuse('The body is not valid JSON');
  }
}

/**
 * Refuses, in one pass without recursion, what parses but must not be believed: nesting deeper than
 * 16, duplicate keys (the last would silently win), keys that reach for a prototype, numbers that
 * change their value when read, and more keys or array items than any of our bodies has.
 * Grammar is left to `JSON.parse`, which comes after.
 */
export function scanJson(text: string): void {
  const open: Container[] = [];
  let keys = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) {
      const end = endOfString(text, i);
      const container = open.at(-1);
      if (container?.keys && isKey(text, end)) {
        claim(container.keys, decode(text.slice(i, end + 1)));
        if (++keys > JSON_LIMITS.keys) throw refuse('The body has too many keys');
      }
      i = end;
    } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      if (open.length === JSON_LIMITS.depth) {
        throw refuse(`The body is nested deeper than ${JSON_LIMITS.depth} levels`);
      }
      open.push({ keys: char === OPEN_OBJECT ? new Set() : undefined, items: 1 });
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
      open.pop();
    } else if (char === COMMA) {
      const container = open.at(-1);
      if (container && !container.keys && ++container.items > JSON_LIMITS.items) {
        throw refuse(`An array has more than ${JSON_LIMITS.items} items`);
      }
    } else if (char === MINUS || (char >= ZERO && char <= NINE)) {
      i = scanNumber(text, i);
    }
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const NUMBER = /[-+.\deE]+/y;

/** The index of the number's last character. */
function scanNumber(text: string, start: number): number {
  NUMBER.lastIndex = start;
  const literal = NUMBER.exec(text)?.[0] ?? '';
  if (!isExactNumber(literal)) throw refuse('A number in the body cannot be represented exactly');
  return start + literal.length - 1;
}

function claim(keys: Set<string>, key: string): void {
  if (POISONED_KEYS.has(key)) throw refuse('The body has a forbidden key');
  if (keys.has(key)) throw refuse('The body has a key twice');
  keys.add(key);
}
