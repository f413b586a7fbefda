import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config/index.js';
import { connectionOptions, WORKER_ROLE } from './connections.js';
import { applicationDataSource } from './data-source.js';
import { Database } from './database.js';
import { watchPool } from './pool-gauge.js';
import { DatabaseReadiness } from './readiness.js';

const WORKER_CONNECTIONS = 4;

/** The connections that see every tenant's queues; few, and never used for a request. */
@Injectable()
class WorkerPool extends pg.Pool implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.end();
  }
}

/** TypeORM owns the application's pool; `Database` pipelines its transactions through it. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: ({ database }: Config) => ({
        ...applicationDataSource(database.url, database.poolSize),
        retryAttempts: 1,
      }),
    }),
  ],
  providers: [
    {
      provide: WorkerPool,
      inject: [CONFIG],
      useFactory: ({ database }: Config) => {
        const pool = new WorkerPool(
          connectionOptions(database.url, WORKER_ROLE, WORKER_CONNECTIONS),
        );
        // A connection that breaks while idle is replaced at its next use.
        pool.on('error', () => undefined);
        return pool;
      },
    },
    {
      provide: Database,
      inject: [DataSource, WorkerPool],
      useFactory: (source: DataSource, worker: WorkerPool) => {
        watchPool('application', poolOf(source));
        watchPool('worker', worker);
        return new Database(poolOf(source), worker);
      },
    },
    DatabaseReadiness,
  ],
  exports: [Database],
})
export class PostgresModule {}

/** TypeORM's PostgreSQL driver calls its pool `master`. */
function poolOf(source: DataSource): pg.Pool {
  const { master } = source.driver as unknown as { master?: unknown };
  if (!(master instanceof pg.Pool)) throw new Error('TypeORM has no PostgreSQL pool');
  return master;
}
