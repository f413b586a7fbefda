import pg from 'pg';

/** Nonces are spent by refused internal requests too: that is their purpose. */
const SPENT_BY_REFUSALS = ['internal_nonces'];

/** Looks at the stored rows as the server's superuser, whom no policy binds. */
export class Rows {
  private constructor(
    readonly client: pg.Client,
    readonly tables: readonly string[],
  ) {}

  static async of(databaseUrl: string): Promise<Rows> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
    );
    return new Rows(
      client,
      rows.map(({ name }) => name),
    );
  }

  /**
   * One line a table: how many rows, and a hash of what they hold. Two equal digests mean that
   * nothing was stored, changed or deleted between them.
   */
  async digest(): Promise<string[]> {
    const lines = this.tables
      .filter((table) => !SPENT_BY_REFUSALS.includes(table))
      .map(
        (table) =>
          `SELECT '${table}: ' || count(*) || ' ' ||
            coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') AS line
            FROM ${this.client.escapeIdentifier(table)} t`,
      );
    const { rows } = await this.client.query<{ line: string }>(
      `${lines.join(' UNION ALL ')} ORDER BY 1`,
    );
    return rows.map(({ line }) => line);
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
