import { randomBytes } from 'node:crypto';
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
    drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client(setting('TEST_PG'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: test/global-setup.mjs did not run`);
  return value;
}
