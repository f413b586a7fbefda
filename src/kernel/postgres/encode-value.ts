/**
 * A parameter as PostgreSQL's text format wants it: arrays become array literals, plain objects
 * JSON, instants UTC. Bytes stay bytes and travel in binary.
 */
export function encodeValue(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'object') {
    if (value instanceof Date) return value.toISOString();
    if (Buffer.isBuffer(value)) return value;
    return Array.isArray(value) ? arrayLiteral(value) : JSON.stringify(value);
  }
  return (value as number | bigint | boolean).toString();
}

function arrayLiteral(items: readonly unknown[]): string {
  return `{${items.map(element).join(',')}}`;
}

function element(item: unknown): string {
  if (Array.isArray(item)) return arrayLiteral(item);
  const encoded = encodeValue(item);
  if (encoded === null) return 'NULL';
  const text = typeof encoded === 'string' ? encoded : `\\x${encoded.toString('hex')}`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
