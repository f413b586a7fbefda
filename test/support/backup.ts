import pg from 'pg';

/** Every table as it was at an instant, and the way back to it. */
export class Backup {
  private readonly columns = new Map<string, string>();

  private constructor(private readonly superuser: pg.Client) {}

  static async connect(url: string): Promise<Backup> {
    const superuser = new pg.Client(url);
    await superuser.connect();
    await superuser.query(`SET session_replication_role = 'replica'`);
    return new Backup(superuser);
  }

  end(): Promise<void> {
    return this.superuser.end();
  }

  async take(): Promise<void> {
    const { rows } = await this.superuser.query<{ name: string; columns: string }>(`
      SELECT relname AS name, string_agg(quote_ident(attname), ', ') AS columns
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
        AND NOT attisdropped AND attgenerated = '' GROUP BY relname`);
    for (const { name, columns } of rows) {
      this.columns.set(name, columns);
      await this.superuser.query(`DROP TABLE IF EXISTS kept_${name}`);
      await this.superuser.query(`CREATE TEMP TABLE kept_${name} AS TABLE ${name}`);
    }
  }

  async restore(): Promise<void> {
    for (const [name, columns] of this.columns) {
      await this.superuser.query(`DELETE FROM ${name}`);
      await this.superuser.query(
        `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE
          SELECT ${columns} FROM kept_${name}`,
      );
    }
  }
}
