import type { FieldError } from '../errors.js';

/**
 * Control characters (all of C0 but tab and line feed, DEL, C1), lone surrogates, and the bidi
 * embeddings, overrides and isolates that make a name read differently from what it is.
 */
const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

const LONE_SURROGATE = /\p{Cs}/u;

export function isCleanText(text: string): boolean {
  return !FORBIDDEN.test(text) && !LONE_SURROGATE.test(text);
}

/** Could a JSON text hold such a character, as itself or as an escape? Usually answers the question alone. */
export function mayHoldForbiddenText(json: string): boolean {
  return /\\[ubfr]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(json);
}

/** Every string of a parsed body, keys included, that may not be; dotted paths, at most 20. */
export function forbiddenTexts(body: unknown, path = '', found: FieldError[] = []): FieldError[] {
  if (found.length >= 20) return found;
  if (typeof body === 'string') {
    if (!isCleanText(body)) found.push({ field: path, message: MESSAGE });
  } else if (typeof body === 'object' && body !== null) {
    for (const [key, value] of Object.entries(body)) {
      if (!isCleanText(key)) found.push({ field: path, message: `has a key that ${MESSAGE}` });
      else forbiddenTexts(value, path ? `${path}.${key}` : key, found);
    }
  }
  return found;
}

const MESSAGE = 'must not contain control characters, lone surrogates or bidi controls';
