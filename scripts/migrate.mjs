// npm run migrate | migrate:status | migrate:down, on DATABASE_URL (or the sandbox's database).
import { existsSync, readFileSync } from 'node:fs';
import { migrate, migrateDown, migrationStatus } from '../dist/src/kernel/postgres/migrate.js';

function databaseUrl() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const { DB_HOST, DB_PORT = '5432', DB_USER, DB_PASSWORD, DB_NAME } = process.env;
  if (DB_HOST) {
    const password = DB_PASSWORD ? `:${encodeURIComponent(DB_PASSWORD)}` : '';
    return `postgres://${DB_USER}${password}@${DB_HOST}:${DB_PORT}/${DB_NAME}`;
  }
  const sandbox = new URL('../.sandbox/env.json', import.meta.url);
  if (existsSync(sandbox)) return JSON.parse(readFileSync(sandbox, 'utf8')).DATABASE_URL;
  console.error('Set DATABASE_URL, or start the sandbox first (npm run sandbox).');
  process.exit(1);
}

const url = databaseUrl();
const action = process.argv[2];
if (action === 'status') {
  const rows = await migrationStatus(url);
  for (const { name, applied } of rows) console.log(`${applied ? 'applied' : 'pending'}  ${name}`);
  process.exitCode = rows.every(({ applied }) => applied) ? 0 : 1;
} else if (action === 'down') {
  console.log(`undone: ${(await migrateDown(url)) ?? 'nothing was applied'}`);
} else {
  const applied = await migrate(url);
  console.log(applied.length === 0 ? 'nothing pending' : `applied: ${applied.join(', ')}`);
}
