import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A database of its own for one test file or one world. */
export interface FreshDatabase {
  /** Connects as the server's superuser. */
  readonly url: string;
  /** Drops it, closing whatever is still connected. */
  drop(): Promise<void>;
}

/** A clone of the migrated template: every table, no row but those that migrations insert. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const template = setting('TEST_PG_TEMPLATE');
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const url = new URL(setting('TEST_PG'));
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: () => dropDatabase(name),
  };
}

/**
 * Drops a database once nobody is connected any more, after two seconds at the latest. A pool's `end`
 * does not wait for the server: a connection that is forced out while it closes fails in whatever
 * test runs then.
 */
export async function dropDatabase(name: string): Promise<void> {
  const connected = `SELECT 1 FROM pg_stat_activity WHERE datname = '${name}'`;
  for (const end = Date.now() + 2_000; Date.now() < end && (await onServer(connected)) > 0;) {
    await sleep(10);
  }
  await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** Answers how many rows there were. */
async function onServer(statement: string): Promise<number> {
  const client = new pg.Client(setting('TEST_PG'));
  await client.connect();
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: test/global-setup.mjs did not run`);
  return value;
}
