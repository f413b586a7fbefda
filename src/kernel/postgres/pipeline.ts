import type { PoolClient, QueryResultRow } from 'pg';
import { type SpanFacts, withLeafSpan } from '../observability/trace-context.js';
import { encodeValue } from './encode-value.js';
import type { Statement } from './sql.js';

/** What one statement answered. */
export interface Result {
  /** The command's first word: SELECT, INSERT, COMMIT … */
  readonly command: string;
  /** Rows answered or touched; null where the command has no such number. */
  readonly rowCount: number | null;
  readonly rows: QueryResultRow[];
}

/** The part of `pg`'s connection that speaks the extended query protocol. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly statement: string; readonly values: readonly unknown[] }): void;
  describe(message: { readonly type: 'P' }): void;
  execute(message: object): void;
  close(message: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
}

interface Column {
  readonly name: string;
  readonly dataTypeID: Parameters<PoolClient['getTypeParser']>[0];
}

type ParsedColumn = readonly [name: string, parse: (text: string) => unknown];

/** Which statements a connection has prepared, and the columns that each answers. */
const prepared = new WeakMap<object, Map<string, readonly ParsedColumn[]>>();

/**
 * Sends all statements as one message that PostgreSQL answers as a whole (a single Sync): the first
 * refusal skips the rest and is thrown. Whether the transaction needs a ROLLBACK then is the
 * caller's business. A statement is prepared and described once a connection.
 */
export function pipeline(
  client: Pick<PoolClient, 'query' | 'getTypeParser'>,
  statements: readonly Statement[],
): Promise<Result[]> {
  const send = () =>
    new Promise<Result[]>((resolve, reject) => {
      client.query(new Batch(client, statements, resolve, reject) as never);
    });
  return withLeafSpan('postgres', () => factsOf(statements), send);
}

/** What a trace tells of a batch: verbs and tables. */
function factsOf(statements: readonly Statement[]): SpanFacts {
  const summary = statements.map(({ text }) => summaryOf(text)).join('; ');
  return {
    'db.system.name': 'postgresql',
    'db.operation.batch.size': statements.length,
    'db.query.summary': summary.slice(0, 1_000),
  };
}

const WRITES = /(?<!\bFOR |\bKEY )\b(INSERT INTO|UPDATE|DELETE FROM) (?!SET\b)(\w+)/i;
const READS = /^\W*(\w+)(?:[^]*?\bFROM (\w+))?/i;

function summaryOf(text: string): string {
  const [, verb = '', table = ''] = WRITES.exec(text) ?? READS.exec(text) ?? [];
  return `${verb} ${table}`.trim();
}

/** A query as `pg` drives it (`Submittable`): it is told of each answer in the order sent. */
class Batch {
  /** `pg` wraps this for its time limit. */
  callback: (error: Error | null) => void;
  private readonly results: Result[] = [];
  private readonly unprepared = new Set<string>();
  private known = new Map<string, readonly ParsedColumn[]>();
  private columns: readonly ParsedColumn[] = [];
  private rows: QueryResultRow[] = [];

  constructor(
    private readonly client: Pick<PoolClient, 'getTypeParser'>,
    private readonly statements: readonly Statement[],
    resolve: (results: Result[]) => void,
    reject: (error: Error) => void,
  ) {
    this.callback = (error) => {
      if (error) reject(error);
      else resolve(this.results);
    };
  }

  submit(wire: Wire): Error | null {
    const known = prepared.get(wire);
    if (known) this.known = known;
    else prepared.set(wire, this.known);
    const bound = this.statements.map(({ values }) => values.map(encodeValue));
    wire.stream.cork();
    for (const [index, { name, text }] of this.statements.entries()) {
      const isNew = !this.known.has(name) && !this.unprepared.has(name);
      if (isNew) {
        this.unprepared.add(name);
        wire.parse({ name, text });
      }
      wire.bind({ statement: name, values: bound[index] ?? [] });
      if (this.unprepared.has(name)) wire.describe({ type: 'P' });
      wire.execute({});
    }
    wire.sync();
    wire.stream.uncork();
    this.expect(0);
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.columns = fields.map(({ name, dataTypeID }) => [
      name,
      this.client.getTypeParser(dataTypeID, 'text') as (text: string) => unknown,
    ]);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const row: QueryResultRow = {};
    for (const [index, [name, parse]] of this.columns.entries()) {
      const text = fields[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    this.rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const [command = '', ...numbers] = text.split(' ');
    const count = numbers.at(-1);
    this.results.push({
      command,
      rowCount: count === undefined ? null : Number(count),
      rows: this.rows,
    });
    const done = this.statements[this.results.length - 1];
    if (done && this.unprepared.delete(done.name)) this.known.set(done.name, this.columns);
    this.expect(this.results.length);
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  /** A refused statement may be prepared or not: forgetting it on both sides makes it certain. */
  handleError(error: Error, wire: Wire): void {
    const refused = this.statements[this.results.length];
    // Everything was answered, COMMIT too: what broke afterwards is not this batch's.
    if (!refused) {
      this.callback(null);
      return;
    }
    if (this.unprepared.has(refused.name)) wire.close({ type: 'S', name: refused.name });
    this.callback(error);
  }

  private expect(index: number): void {
    this.rows = [];
    this.columns = this.known.get(this.statements[index]?.name ?? '') ?? [];
  }
}
