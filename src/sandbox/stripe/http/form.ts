import { invalidRequest } from './errors.js';

/** A decoded form: Stripe's v1 API knows strings, arrays and hashes, nothing else. */
export type FormValue = string | FormValue[] | FormHash;
export interface FormHash {
  [key: string]: FormValue;
}

const MAX_DEPTH = 16;
const KEY = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

/** Hashes have no prototype, so that a parameter named `__proto__` is only a name. */
const hash = (): FormHash => Object.create(null) as FormHash;

function text(encoded: string): string {
  if (!/[%+]/.test(encoded)) return encoded;
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw invalidRequest('Invalid URL-encoding in the request parameters.');
  }
}

function segments(key: string): string[] {
  if (!key.includes('[')) return [key];
  const match = KEY.exec(key);
  if (match?.[1] === undefined) throw invalidRequest(`Invalid parameter name: ${key}`);
  const nested = match[2] === undefined || match[2] === '' ? [] : match[2].slice(1, -1).split('][');
  if (nested.length >= MAX_DEPTH) throw invalidRequest(`Parameter nested too deep: ${key}`);
  return [match[1], ...nested];
}

function put(root: FormHash, path: string[], value: string): void {
  let node: FormHash | FormValue[] = root;
  path.forEach((segment, i) => {
    const last = i === path.length - 1;
    const next: FormValue = last ? value : path[i + 1] === '' ? [] : hash();
    if (Array.isArray(node)) {
      // `a[][b]=1`: every occurrence opens an element of its own.
      node.push(next);
      if (!last && typeof next !== 'string') node = next;
      return;
    }
    const present: FormValue | undefined = node[segment];
    if (last || present === undefined) node[segment] = next;
    const child: FormValue | undefined = node[segment];
    if (last) return;
    if (child === undefined || typeof child === 'string') {
      throw invalidRequest(`Invalid hash: ${path[0] ?? ''}`);
    }
    node = child;
  });
}

/**
 * Decodes `application/x-www-form-urlencoded` with Stripe's nesting: `a[b]=1`, `a[]=1`, `a[0]=1`,
 * `a[0][b]=1`. Hashes whose keys are 0, 1, 2 … are turned into arrays where a rule asks for one.
 */
export function decodeForm(encoded: string): FormHash {
  const root = hash();
  if (encoded === '') return root;
  for (const pair of encoded.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const key = text(at < 0 ? pair : pair.slice(0, at));
    put(root, segments(key), at < 0 ? '' : text(pair.slice(at + 1)));
  }
  return root;
}
