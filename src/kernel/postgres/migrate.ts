import { migrationDataSource } from './data-source.js';

/** Applies every pending migration, each in a transaction of its own; answers their names. */
export async function migrate(url: string): Promise<string[]> {
  const source = await migrationDataSource(url).initialize();
  try {
    const applied = await source.runMigrations({ transaction: 'each' });
    return applied.map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

/** Undoes the migration that was applied last; answers its name, if there was one. */
export async function migrateDown(url: string): Promise<string | undefined> {
  const source = await migrationDataSource(url).initialize();
  try {
    const before = await appliedNames(url);
    await source.undoLastMigration({ transaction: 'each' });
    return before.at(-1);
  } finally {
    await source.destroy();
  }
}

/** The names of all migrations, and whether each is applied. */
export async function migrationStatus(
  url: string,
): Promise<readonly { readonly name: string; readonly applied: boolean }[]> {
  const applied = new Set(await appliedNames(url));
  const source = migrationDataSource(url);
  const known = source.options.migrations as readonly { readonly name: string }[];
  return known.map(({ name }) => ({ name, applied: applied.has(name) }));
}

async function appliedNames(url: string): Promise<string[]> {
  const source = await migrationDataSource(url).initialize();
  try {
    const runner = source.createQueryRunner();
    if (!(await runner.hasTable('schema_migrations'))) return [];
    const rows: unknown = await runner.query('SELECT name FROM schema_migrations ORDER BY id');
    return (rows as { name: string }[]).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}
