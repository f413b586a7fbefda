import '../refuse-production.js';
export { ensureDatabase } from './database.js';
export { startPostgres, type PostgresOptions, type PostgresServer } from './start.js';
export { startThrowAwayPostgres } from './throw-away.js';
