import pg from 'pg';

/** Nonces are spent by refused internal requests too: that is their purpose. */
const SPENT_BY_REFUSALS = ['internal_nonces'];

/** Counts statements that write, whoever sends them and whether or not they are committed. */
const COUNT_WRITES = `
  CREATE SCHEMA watching;
  CREATE SEQUENCE watching.writes;
  CREATE FUNCTION watching.count_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
    $$ BEGIN PERFORM nextval('watching.writes'); RETURN NULL; END $$;
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT oid::regclass FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    LOOP
      EXECUTE 'CREATE TRIGGER watching AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ' || name ||
        ' FOR EACH STATEMENT EXECUTE FUNCTION watching.count_write()';
    END LOOP;
  END $$`;

/** Looks at the stored rows as the server's superuser, whom no policy binds. */
export class Rows {
  private latest: { readonly writes: string; readonly lines: string[] } | undefined;

  private constructor(
    readonly client: pg.Client,
    readonly tables: readonly string[],
  ) {}

  static async of(databaseUrl: string): Promise<Rows> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    await client.query(COUNT_WRITES);
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
   * nothing was stored, changed or deleted between them. Rows are read again only after something
   * was written.
   */
  async digest(): Promise<string[]> {
    const writes = await this.writes();
    if (this.latest?.writes !== writes) this.latest = { writes, lines: await this.read() };
    return this.latest.lines;
  }

  private async writes(): Promise<string> {
    const { rows } = await this.client.query<{ writes: string }>(
      // The first number is the last value already before it is given.
      'SELECT last_value::text || is_called AS writes FROM watching.writes',
    );
    return String(rows[0]?.writes);
  }

  private async read(): Promise<string[]> {
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
