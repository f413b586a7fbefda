import { gzipSync } from 'node:zlib';
import type { Property } from './openapi.js';

/** One attack: the bytes of a body, and the status that says what is wrong with them. */
export interface Attack {
  readonly what: string;
  readonly bytes: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expected: 400 | 413 | 415 | 422;
  /** Of a 422: the field whose rule is broken. */
  readonly field?: string;
}

type Json = Readonly<Record<string, unknown>>;

const attack = (what: string, expected: Attack['expected'], body: string | Buffer): Attack => ({
  what,
  expected,
  bytes: Buffer.from(body),
});

/** The valid body with one more member, written as it is given. */
function withMember(valid: Json, member: string): string {
  return JSON.stringify(valid).replace(/^\{/, `{${member},`);
}

/** The valid body with the JSON text `literal` where `path` points to. */
export function withLiteral(valid: Json, path: readonly string[], literal: string): string {
  const hole = '@@hole@@';
  const copy = structuredClone(valid);
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, copy);
  parent[path.at(-1) ?? ''] = hole;
  return JSON.stringify(copy).replace(`"${hole}"`, () => literal);
}

/** What cannot be read, or must not be believed once read: refused with 400 before any rule. */
export function unreadable(valid: Json): Attack[] {
  const text = JSON.stringify(valid);
  const deep = 20_000;
  const [first = ''] = Object.keys(valid);
  const twice = `${JSON.stringify(first)}:${JSON.stringify(valid[first])}`;
  const keys = Array.from({ length: 100_000 }, (_, i) => `"${i.toString(36)}":1`).join();
  const invalidUtf8 = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0x22, 0x7d])]);
  return [
    attack('an empty body', 400, ''),
    attack('a cut body', 400, text.slice(0, -1)),
    attack('more after the body', 400, `${text}{}`),
    attack('a comma too many', 400, text.replace(/\}$/, ',}')),
    attack('single quotes', 400, "{'a':1}"),
    attack('a comment', 400, `/* */${text}`),
    attack('a byte order mark', 400, `\ufeff${text}`),
    attack('UTF-16', 400, Buffer.from(text, 'utf16le')),
    attack('bytes that are no UTF-8', 400, invalidUtf8),
    attack('a raw control character', 400, withMember(valid, '"a":"\u0001"')),
    attack('lists 20 000 deep', 400, withMember(valid, `"a":${nest('[', ']', deep)}`)),
    attack('objects 20 000 deep', 400, withMember(valid, `"a":${nest('{"a":', '}', deep, '1')}`)),
    attack('a root 40 000 deep', 400, nest('[', ']', 2 * deep)),
    attack('lists 20 000 deep that never close', 400, '['.repeat(deep)),
    attack('100 000 keys', 400, withMember(valid, keys)),
    attack('5 000 items', 400, withMember(valid, `"a":[${Array(5_000).fill(1).join()}]`)),
    attack('a key twice', 400, withMember(valid, twice)),
    attack('a key twice, once escaped', 400, withMember(valid, '"ab":1,"\\u0061b":1')),
    attack('a nested key twice', 400, withMember(valid, '"a":{"b":1,"b":2}')),
    attack('__proto__', 400, withMember(valid, '"__proto__":{"polluted":true}')),
    attack('an escaped __proto__', 400, withMember(valid, '"\\u005f_proto__":{"polluted":true}')),
    attack(
      'constructor.prototype',
      400,
      withMember(valid, '"constructor":{"prototype":{"polluted":true}}'),
    ),
    ...NO_NUMBERS.map((literal) =>
      attack(`the number ${literal}`, 400, withMember(valid, `"a":${literal}`)),
    ),
  ];
}

/** No JSON, or a number that is another one by the time it is stored. */
const NO_NUMBERS = ['NaN', 'Infinity', '0x10', '01', '+1', '.5', '1.', '１０', ...inexact()];

function inexact(): string[] {
  return ['9007199254740993', '9223372036854775808', '-9223372036854775809', '1e309', '-1e309'];
}

function nest(open: string, close: string, depth: number, core = ''): string {
  return open.repeat(depth) + core + close.repeat(depth);
}

/** Readable, but not the kind of body that any route takes. */
export function notAnObject(): Attack[] {
  return ['null', '[]', '[{}]', '"text"', '1', 'true'].map((text) => attack(text, 422, text));
}

export function wrongMedia(valid: Json): Attack[] {
  const bytes = Buffer.from(JSON.stringify(valid));
  const typed = (type: string): Attack => ({
    what: type,
    bytes,
    headers: { 'content-type': type },
    expected: 415,
  });
  return [
    typed('text/plain'),
    typed('application/x-www-form-urlencoded'),
    typed('multipart/form-data; boundary=x'),
    typed('application/xml'),
    typed('application/json; charset=utf-16'),
    typed('application/json; charset=iso-8859-1'),
    typed('application/json, text/plain'),
    {
      what: 'gzip',
      bytes: gzipSync(bytes),
      headers: { 'content-encoding': 'gzip' },
      expected: 415,
    },
    {
      what: 'a gzip bomb',
      bytes: gzipSync(Buffer.alloc(10_000_000)),
      headers: { 'content-encoding': 'gzip' },
      expected: 415,
    },
    attack('2 MB', 413, withMember(valid, `"a":"${'x'.repeat(2_000_000)}"`)),
  ];
}

const FORBIDDEN_TEXT = {
  NUL: '\\u0000',
  'an escape sequence': '\\u001b[31m',
  'a carriage return': '\\r\\nX-Injected: 1',
  'a lone surrogate': '\\ud800',
  'a lone low surrogate': 'a\\udc00',
  'a bidi override': 'a\u202eb',
  'an escaped bidi isolate': 'a\\u2066b',
};

/** Text that no field may hold, in each property that is a text and as the name of one. */
export function forbiddenText(valid: Json, properties: readonly Property[]): Attack[] {
  const texts = properties.filter(({ schema }) => schema.type === 'string');
  return Object.entries(FORBIDDEN_TEXT).flatMap(([what, text]) => [
    attack(`${what} in a name`, 422, withMember(valid, `"a${text}":1`)),
    attack(`${what} in an unknown member`, 422, withMember(valid, `"a":"${text}"`)),
    ...texts.map(({ path }) =>
      attack(`${what} in ${path.join('.')}`, 422, withLiteral(valid, path, `"${text}"`)),
    ),
  ]);
}

/** Members that a route does not have, above all those that its server decides itself. */
export function massAssignment(valid: Json, names: readonly string[]): Attack[] {
  return [...names, 'status', 'id', 'isAdmin', 'tenantId', 'tenant_id', 'roles', 'createdAt']
    .filter((name) => !(name in valid))
    .map((name) => attack(name, 422, withMember(valid, `${JSON.stringify(name)}:"x"`)));
}
