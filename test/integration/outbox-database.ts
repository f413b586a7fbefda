import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, Module } from '@nestjs/common';
import pg from 'pg';
import { WorkLoops } from '../../src/kernel/jobs/work-loops.js';
import { NoPool, WorkPool } from '../../src/kernel/jobs/work-pool.js';
import { PeriodicTasks, RUNS_BACKGROUND_WORK, WorkSources } from '../../src/kernel/jobs/index.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { freshDatabase } from '../support/database.js';

/** A migrated database of its own, as the application and its workers see it, and as an onlooker does. */
export interface OpenDatabase {
  readonly database: Database;
  /** Runs as the superuser, past row-level security. */
  readonly query: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  /** A connection of one's own, for a transaction that stays open. */
  readonly connect: () => Promise<pg.Client>;
  readonly close: () => Promise<void>;
}

export async function openDatabase(): Promise<OpenDatabase> {
  const fresh = await freshDatabase();
  const { url } = fresh;
  const pool = (role: string) => new pg.Pool(connectionOptions(url, role, 6));
  const pools = { application: pool(APPLICATION_ROLE), worker: pool(WORKER_ROLE) };
  const onlooker = new pg.Pool({ connectionString: url, max: 2 });
  return {
    database: new Database(pools.application, pools.worker),
    query: async (text, values = []) =>
      (await onlooker.query<Record<string, unknown>>(text, [...values])).rows,
    connect: async () => {
      const client = new pg.Client(url);
      await client.connect();
      return client;
    },
    close: async () => {
      await Promise.all([pools.application.end(), pools.worker.end(), onlooker.end()]);
      await fresh.drop();
    },
  };
}

@Module({})
class Ground {}

/** What the kernel's modules need from an application: the database and its periodic tasks. */
export function ground({ database }: OpenDatabase, background = false): DynamicModule {
  return {
    module: Ground,
    global: true,
    providers: [
      { provide: Database, useValue: database },
      { provide: RUNS_BACKGROUND_WORK, useValue: background },
      PeriodicTasks,
      WorkSources,
      WorkLoops,
      { provide: WorkPool, useClass: NoPool },
    ],
    exports: [Database, PeriodicTasks, WorkSources],
  };
}

/** Waits until the condition holds; fails when it does not within ten seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds());) {
    if (Date.now() > end) throw new Error('waited in vain');
    await sleep(20);
  }
}
