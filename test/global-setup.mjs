// jest does not transform this file, so it uses the compiled sources: it builds them first (~25 ms).
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const compiled = (file) => import(path.join(root, 'dist/src', file));

/**
 * One server for the run and one migrated template database that test/support/database.ts clones.
 * TEST_DATABASE_URL names a server of your own (any database of it, a superuser); without it the
 * bundled PostgreSQL runs, without durability, until the run ends.
 */
export default async function globalSetup() {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  const server = await provideServer();
  const template = `tickettoken_template_${process.pid}`;
  globalThis.tickettokenTests = { server, template };
  process.env.TEST_PG = server.url;
  process.env.TEST_PG_TEMPLATE = template;
  try {
    await createTemplate(server.url, template);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function provideServer() {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const { startThrowAwayPostgres } = await compiled('sandbox/postgres/index.js');
  const server = await startThrowAwayPostgres();
  return { url: server.url('postgres'), stop: () => server.stop() };
}

async function createTemplate(serverUrl, name) {
  const client = new pg.Client(serverUrl);
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${name}`);
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const { migrationDataSource } = await compiled('kernel/postgres/data-source.js');
  const source = await migrationDataSource(url.toString()).initialize();
  await source.runMigrations({ transaction: 'all' });
  await source.destroy();
}
