import pg from 'pg';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { migrate } from '../../src/kernel/postgres/migrate.js';
import { ensureDatabase } from '../../src/sandbox/postgres/index.js';
import type { Stage } from './stage.js';

/** As a process of the application has them. */
const WORKER_CONNECTIONS = 4;

/** Runs `work` on a new database of the stage's server while the application stands still. */
export async function alone<T>(
  { application, server, belongings }: Stage,
  name: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  application.pause();
  try {
    const url = server.url(name);
    await ensureDatabase(url);
    await migrate(url);
    const pool = (role: string, size: number) =>
      belongings.add(new pg.Pool(connectionOptions(url, role, size)), (open) => open.end());
    return await work(
      new Database(await pool(APPLICATION_ROLE, 16), await pool(WORKER_ROLE, WORKER_CONNECTIONS)),
    );
  } finally {
    application.resume();
  }
}
