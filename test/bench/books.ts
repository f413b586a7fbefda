import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Rows and bytes of one table. */
export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

export type Sizes = Readonly<Record<string, TableSize>>;

/** Written by the clock, however many purchases there are. */
const NOT_OF_A_PURCHASE = [
  'event_subscriptions',
  'ledger_balances',
  'ledger_checkpoints',
  'ledger_watermark',
  'retention_runs',
];
const PATIENCE_MS = 60_000;

/** Reads what a purchase leaves in the database, past row-level security. */
export class Books {
  private constructor(private readonly client: pg.Client) {}

  static async open(databaseUrl: string): Promise<Books> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    return new Books(client);
  }

  /** Every table, row by row: `pg_column_size` of a row counts what is stored of it. */
  async sizes(): Promise<Sizes> {
    const tables = await this.client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
    );
    const sizes: Record<string, TableSize> = {};
    for (const { name } of tables.rows) {
      if (NOT_OF_A_PURCHASE.includes(name)) continue;
      const { rows } = await this.client.query<{ rows: string; bytes: string }>(
        `SELECT count(*) AS rows, coalesce(sum(pg_column_size(t)), 0) AS bytes
         FROM ${this.client.escapeIdentifier(name)} t`,
      );
      sizes[name] = { rows: Number(rows[0]?.rows), bytes: Number(rows[0]?.bytes) };
    }
    return sizes;
  }

  async walBytes(): Promise<number> {
    const { rows } = await this.client.query<{ bytes: string }>(
      `SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes`,
    );
    return Number(rows[0]?.bytes);
  }

  /** Begins every measurement with the same state of the write-ahead log. */
  async checkpoint(): Promise<void> {
    await this.client.query('CHECKPOINT');
  }

  /** Resolves when no event waits for the relay and no webhook for its handling. */
  async drained(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const { rows } = await this.client.query<{ done: boolean }>(
        `SELECT NOT EXISTS (SELECT FROM outbox WHERE processed_at IS NULL)
          AND NOT EXISTS (SELECT FROM webhook_inbox WHERE status IN ('pending', 'processing')) AS done`,
      );
      if (rows[0]?.done === true) return;
      await sleep(5);
    }
    throw new Error('the relay has not drained within a minute');
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** What `count` purchases have added, per purchase; tables that have not grown are left out. */
export function growth(before: Sizes, after: Sizes, count: number): Sizes {
  const grown: Record<string, TableSize> = {};
  for (const [table, { rows, bytes }] of Object.entries(after)) {
    const old = before[table] ?? { rows: 0, bytes: 0 };
    if (rows === old.rows) continue;
    grown[table] = { rows: (rows - old.rows) / count, bytes: (bytes - old.bytes) / count };
  }
  return grown;
}

/** The sums over all tables. */
export function total(sizes: Sizes): TableSize {
  return Object.values(sizes).reduce(
    (sum, { rows, bytes }) => ({ rows: sum.rows + rows, bytes: sum.bytes + bytes }),
    { rows: 0, bytes: 0 },
  );
}

/** The tables in which two sides differ: in rows at all, or in bytes by more than a hundredth. */
export function differences(one: Sizes, other: Sizes): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((table) => {
    const [a, b] = [one[table], other[table]];
    return a?.rows !== b?.rows || Math.abs((a?.bytes ?? 0) / (b?.bytes ?? 1) - 1) > 0.01;
  });
}
