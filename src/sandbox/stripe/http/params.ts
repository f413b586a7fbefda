import { invalidRequest, notEmulated } from './errors.js';
import type { FormHash, FormValue } from './form.js';

/** Turns one decoded value into what the operation works with, or refuses it as Stripe does. */
export type Rule<T> = (value: FormValue, param: string) => T;
export type Shape = Readonly<Record<string, Rule<unknown>>>;
export type Decoded<S extends Shape, R extends keyof S = never> = {
  [K in keyof S]?: ReturnType<S[K]>;
} & { [K in R]: ReturnType<S[K]> };

const invalid = (kind: string, value: FormValue, param: string, code?: string) =>
  invalidRequest(`Invalid ${kind}: ${typeof value === 'string' ? value : JSON.stringify(value)}`, {
    param,
    ...(code === undefined ? {} : { code }),
  });

/** A string of at most `max` characters. Blank is refused: Stripe reads '' as "unset". */
export const text =
  (max = 5000): Rule<string> =>
  (value, param) => {
    if (typeof value !== 'string') throw invalid('string', value, param);
    if (value === '') {
      throw invalidRequest(`You passed an empty string for '${param}'.`, {
        code: 'parameter_invalid_empty',
        param,
      });
    }
    if (value.length > max) {
      throw invalidRequest(`Invalid string: must be at most ${String(max)} characters`, { param });
    }
    return value;
  };

/** As `text`, but '' unsets the field (null). */
export const unsettable =
  (max = 5000): Rule<string | null> =>
  (value, param) =>
    value === '' ? null : text(max)(value, param);

/** A whole number within bounds, written in plain decimal digits. */
export const integer =
  (bounds: { min?: number; max?: number } = {}): Rule<number> =>
  (value, param) => {
    const code = 'parameter_invalid_integer';
    if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value)) {
      throw invalid('integer', value, param, code);
    }
    const parsed = Number(value);
    if (bounds.min !== undefined && parsed < bounds.min) {
      throw invalidRequest(`This value must be greater than or equal to ${String(bounds.min)}.`, {
        code,
        param,
      });
    }
    if (bounds.max !== undefined && parsed > bounds.max) {
      throw invalidRequest(
        `This value must be less than or equal to ${String(bounds.max)} (it currently is '${value}').`,
        { code, param },
      );
    }
    return parsed;
  };

export const boolean: Rule<boolean> = (value, param) => {
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalid('boolean', value, param);
};

/** One of the values; Stripe names them all in its refusal. */
export const oneOf =
  <const V extends readonly string[]>(...values: V): Rule<V[number]> =>
  (value, param) => {
    const found = values.find((v) => v === value);
    if (found !== undefined) return found;
    throw invalidRequest(`Invalid ${param}: must be one of ${values.join(', ')}`, { param });
  };

export const listOf =
  <T>(item: Rule<T>): Rule<T[]> =>
  (value, param) => {
    if (typeof value === 'string') throw invalid('array', value, param);
    const items = Array.isArray(value) ? value : Object.values(value);
    return items.map((each, i) => item(each, `${param}[${String(i)}]`));
  };

export const hashOf =
  <S extends Shape>(shape: S): Rule<Decoded<S>> =>
  (value, param) => {
    if (typeof value === 'string' || Array.isArray(value)) throw invalid('object', value, param);
    return decode(shape, value, [], param);
  };

/** Metadata: up to 50 keys of 40 characters, values of 500; '' unsets a key (or, alone, all keys). */
export const metadata: Rule<Record<string, string>> = (value, param) => {
  if (value === '') return {};
  if (typeof value === 'string' || Array.isArray(value)) throw invalid('object', value, param);
  const pairs = Object.entries(value);
  if (pairs.length > 50) {
    throw invalidRequest('Metadata can have at most 50 keys.', { param });
  }
  return Object.fromEntries(
    pairs.map(([key, each]) => {
      const name = `${param}[${key}]`;
      if (typeof each !== 'string') throw invalid('string', each, name);
      if (key.length > 40) {
        throw invalidRequest(`Metadata keys must be at most 40 characters: '${key}'`, { param });
      }
      if (each.length > 500) {
        throw invalidRequest('Metadata values can have at most 500 characters.', { param: name });
      }
      return [key, each];
    }),
  );
};

/** A parameter Stripe documents and the emulator refuses (see `notEmulated`). */
export const unsupported: Rule<never> = (_value, param) => {
  throw notEmulated(param);
};

export const unsupportedAll = <const K extends readonly string[]>(...names: K) =>
  Object.fromEntries(names.map((name) => [name, unsupported])) as Record<K[number], Rule<never>>;

/**
 * Decodes a request against the closed set of parameters an operation has.
 * Refusals: `parameter_unknown`, `parameter_missing`, and each rule's own.
 */
export function decode<S extends Shape, R extends keyof S = never>(
  shape: S,
  form: FormHash,
  required: readonly R[],
  prefix?: string,
): Decoded<S, R> {
  const name = (key: string) => (prefix === undefined ? key : `${prefix}[${key}]`);
  const unknown = Object.keys(form).filter((key) => !Object.hasOwn(shape, key));
  if (unknown[0] !== undefined) {
    throw invalidRequest(
      `Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${unknown.map(name).join(', ')}`,
      { code: 'parameter_unknown', param: name(unknown[0]) },
    );
  }
  const decoded: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(form)) decoded[key] = shape[key]?.(value, name(key));
  for (const key of required) {
    if (decoded[String(key)] === undefined) {
      throw invalidRequest(`Missing required param: ${name(String(key))}.`, {
        code: 'parameter_missing',
        param: name(String(key)),
      });
    }
  }
  return decoded as Decoded<S, R>;
}
