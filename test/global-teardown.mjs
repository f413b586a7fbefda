import pg from 'pg';

/** Drops what a server of your own would keep, ends the bundled one. */
export default async function globalTeardown() {
  const { server, template } = globalThis.tickettokenTests;
  if (process.env.TEST_DATABASE_URL) await dropDatabases(server.url, template);
  await server.stop();
}

async function dropDatabases(url, template) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [template],
  );
  for (const { datname } of rows) {
    await client.query(`DROP DATABASE ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  }
  await client.end();
}
