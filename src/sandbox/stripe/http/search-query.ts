import { invalidRequest } from './errors.js';

/** What a search field yields from a record: text, a number, or nothing. */
export type SearchFields<R> = Readonly<
  Record<string, (record: R, key: string) => number | string | null | undefined>
>;

const CLAUSE =
  /^\s*(-?)([a-z_]+)(?:\[(["'])((?:(?!\3).)*)\3\])?\s*(:|~|>=|<=|>|<)\s*(?:(["'])((?:\\.|(?!\6).)*)\6|(\d+|null))/;

type Test<R> = (record: R) => boolean;

function clause<R>(match: RegExpExecArray, fields: SearchFields<R>): Test<R> {
  const [, negated, field = '', , key = '', operator, , quoted, bare] = match;
  const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (read === undefined) {
    throw invalidRequest(`Field \`${field}\` is an unsupported search field.`);
  }
  const wanted = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '';
  const test = (value: number | string | null | undefined): boolean => {
    if (bare === 'null') return value === null || value === undefined;
    if (value === null || value === undefined) return false;
    switch (operator) {
      case ':':
        return String(value) === wanted;
      case '~':
        return String(value).includes(wanted);
      case '>':
        return Number(value) > Number(wanted);
      case '>=':
        return Number(value) >= Number(wanted);
      case '<':
        return Number(value) < Number(wanted);
      default:
        return Number(value) <= Number(wanted);
    }
  };
  return (record) => test(read(record, key)) !== (negated === '-');
}

/**
 * Compiles Stripe's search language, https://docs.stripe.com/search#search-query-language:
 * `field:"value"`, `metadata['key']:'value'`, `~` for part of a text, `<` `>` `<=` `>=`, `-` to
 * negate, `null`, joined by AND or by OR but not by both.
 */
export function compileSearch<R>(query: string, fields: SearchFields<R>): Test<R> {
  const tests: Test<R>[] = [];
  let joint: string | undefined;
  let rest = query.trim();
  for (;;) {
    const match = CLAUSE.exec(rest);
    if (match === null) {
      throw invalidRequest('We were unable to parse your search query.', { param: 'query' });
    }
    tests.push(clause(match, fields));
    rest = rest.slice(match[0].length);
    if (rest.trim() === '') break;
    // Clauses side by side without a word between them are joined by AND.
    const join = /^\s+(AND|OR)?\s*/i.exec(rest);
    const word = join?.[1]?.toUpperCase() ?? 'AND';
    if (join === null || (joint !== undefined && joint !== word)) {
      throw invalidRequest('AND and OR cannot be combined in one search query.', {
        param: 'query',
      });
    }
    joint = word;
    rest = rest.slice(join[0].length);
  }
  return joint === 'OR'
    ? (record) => tests.some((test) => test(record))
    : (record) => tests.every((test) => test(record));
}
