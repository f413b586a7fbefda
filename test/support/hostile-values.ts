import { type Attack, withLiteral } from './hostile-bodies.js';
import type { Property, Schema } from './openapi.js';

const WRONG: Readonly<Record<string, readonly string[]>> = {
  string: ['1', 'true', '[]', '["x"]', '{}', '{"$ne":null}'],
  integer: ['"1"', '"0x10"', '"１０"', '"1e2"', '0.1', 'true', '[1]', '{}', '""', '1e15'],
  number: ['"1"', '"0x10"', '"１０"', 'true', '[1]', '{}', '""', '1e15'],
  boolean: ['"true"', '1', '0', '[]', '{}', '""'],
  array: ['{}', '"x"', '1', 'true', '{"length":1,"0":1}', `[${Array(2_000).fill('{}').join()}]`],
  object: ['[]', '[{}]', '"x"', '1', 'true'],
};

/** JSON texts that a property's schema forbids. */
export function forbiddenValues(schema: Schema): string[] {
  const { type = 'object', enum: allowed, format, pattern } = schema;
  return [
    ...(WRONG[type] ?? []),
    ...(schema.nullable ? [] : ['null']),
    ...outOfBounds(schema),
    ...(allowed || format || pattern
      ? ['""', '"no such value"', '"１０"', '"=cmd|\' /C calc\'!A0"']
      : []),
    ...(format === 'uuid'
      ? ['"01945a3c-2b7e-7c11-9a44-5d1f0c6a7b2"', '"\'; DROP TABLE x; --"']
      : []),
    ...(format === 'date' ? ['"2026-02-30"', '"2026-1-1"', '"2026-01-01T00:00:00Z"'] : []),
    ...(format === 'date-time' ? ['"2031-02-30T00:00:00Z"', '"2031-06-01"', '"tomorrow"'] : []),
  ];
}

function outOfBounds({ type, minimum, maximum, maxLength, minLength }: Schema): string[] {
  const text = type === 'string' ? Math.max(maxLength ?? 0, minLength ?? 0, 9_000) : undefined;
  return [
    ...(minimum === undefined ? [] : [String(minimum - 1)]),
    ...(maximum === undefined ? [] : [String(maximum + 1)]),
    ...(text === undefined ? [] : [JSON.stringify('x'.repeat(text + 1))]),
    ...(maxLength === undefined ? [] : [JSON.stringify('x'.repeat(maxLength + 1))]),
  ];
}

/** Each property with each value that its schema forbids, and each required one left out. */
export function wrongValues(
  valid: Readonly<Record<string, unknown>>,
  properties: readonly Property[],
): Attack[] {
  return properties.flatMap(({ path, schema, required }) => {
    const name = path.join('.');
    const wrong = forbiddenValues(schema).map((literal) => ({
      what: `${name} = ${literal.slice(0, 60)}`,
      bytes: Buffer.from(withLiteral(valid, path, literal)),
      expected: 422 as const,
      field: name,
    }));
    if (!required) return wrong;
    const without = withLiteral(valid, path, '"@@gone@@"')
      .replace(/"[^"]*":"@@gone@@",?/, '')
      .replace(/,\}/g, '}');
    const gone = { what: `no ${name}`, bytes: Buffer.from(without), expected: 422 as const };
    return [...wrong, { ...gone, field: name }];
  });
}
