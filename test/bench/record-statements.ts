import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { encodeValue } from '../../src/kernel/postgres/encode-value.js';

/*
 * Loaded before the application (`node --import`): writes each transaction that the application
 * sends to PostgreSQL as a line of JSON into the file that BENCH_RECORD names, as it goes over the
 * wire.
 */

/** A statement as it was sent; values in their text form. */
export interface SentStatement {
  readonly text: string;
  readonly name: string;
  readonly values: readonly (string | null)[];
}

interface Connection {
  parse: (this: Connection, query: { name?: string; text: string }) => void;
  bind: (this: Connection, config: { statement?: string; values?: unknown[] }) => void;
}

const load = createRequire(import.meta.url);
const { prototype } = load('pg/lib/connection') as { prototype: Connection };
const { parse, bind } = prototype;

const texts = new Map<string, string>();
const open = new WeakMap<Connection, SentStatement[]>();

prototype.parse = function (given) {
  texts.set(given.name ?? '', given.text);
  parse.call(this, given);
};

prototype.bind = function (given) {
  const name = given.statement ?? '';
  const values = (given.values ?? []).map((value) => encodeValue(value)?.toString() ?? null);
  note(this, { text: texts.get(name) ?? '', name, values });
  bind.call(this, given);
};

function note(connection: Connection, statement: SentStatement): void {
  if (statement.text.startsWith('BEGIN')) open.set(connection, []);
  const transaction = open.get(connection);
  transaction?.push(statement);
  if (statement.text !== 'COMMIT' || !transaction) return;
  open.delete(connection);
  appendFileSync(process.env.BENCH_RECORD ?? '', `${JSON.stringify(transaction)}\n`);
}
