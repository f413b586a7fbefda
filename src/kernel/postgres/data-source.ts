import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { APPLICATION_ROLE, connectionOptions } from './connections.js';

/** The application's data source: bound by row-level security, never migrating. */
export function applicationDataSource(url: string, poolSize: number): DataSourceOptions {
  const {
    connectionString: _,
    max: __,
    ...extra
  } = connectionOptions(url, APPLICATION_ROLE, poolSize);
  return { type: 'postgres', url, poolSize, extra, migrations, ...NAMED };
}

/** The data source that migrates: the login user itself, with a short wait for locks. */
export function migrationDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    migrations,
    poolSize: 1,
    extra: { lock_timeout: 2_000, connectionTimeoutMillis: 5_000 },
    ...NAMED,
  });
}

const NAMED = { migrationsTableName: 'schema_migrations', synchronize: false } as const;
