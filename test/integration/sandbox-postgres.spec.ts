import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { serviceAccount } from '../../src/sandbox/postgres/account.js';
import {
  ensureDatabase,
  type PostgresOptions,
  type PostgresServer,
  startPostgres,
} from '../../src/sandbox/postgres/index.js';
import { isAlive } from '../../src/sandbox/process-table.js';

describe('the embedded PostgreSQL', () => {
  let home: string;
  let dataDir: string;
  let server: PostgresServer | undefined;

  beforeAll(() => {
    home = mkdtempSync(path.join(os.tmpdir(), 'sandbox-postgres-'));
    chmodSync(home, 0o711);
    dataDir = path.join(home, 'postgres');
  });

  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const start = async (options: Partial<PostgresOptions> = {}) =>
    (server = await startPostgres({ dataDir, ...options }));

  it('keeps its data from one start to the next, at the preferred port', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start({ preferredPort: first.port });
    expect(second.port).toBe(first.port);
    expect(await query(second, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is durable, listens on loopback only and takes 200 connections', async () => {
    const settings = await query(
      await start(),
      `SELECT name, setting FROM pg_settings
        WHERE name IN ('fsync', 'listen_addresses', 'max_connections', 'unix_socket_directories')
        ORDER BY name`,
    );
    expect(settings.map(({ setting }) => setting)).toEqual(['on', '127.0.0.1', '200', '']);
  });

  it('recovers what was committed before kill -9', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE survived AS SELECT 42 AS answer');
    process.kill(first.pid, 'SIGKILL');
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second, 'SELECT answer FROM survived')).toEqual([{ answer: 42 }]);
  });

  it('is attached to when it already runs', async () => {
    const first = await start();
    const second = await start();
    expect([second.pid, second.port]).toEqual([first.pid, first.port]);
    const third = await start({ port: first.port });
    expect(third.pid).toBe(first.pid);
  });

  it('is one server for two starts at the same time', async () => {
    const fresh = { dataDir: path.join(home, 'fresh') };
    const [first, second] = await Promise.all([start(fresh), start(fresh)]);
    expect(second.pid).toBe(first.pid);
  });

  it('is not fooled by a lock whose pid is now another process', async () => {
    await (await start()).stop();
    // PostgreSQL overlooks its own ancestors and other users' processes: neither may it be.
    const stranger = spawn('sleep', ['60'], serviceAccount().credentials);
    const lock = [stranger.pid, dataDir, 1, 5432, '', '127.0.0.1', '1 1', 'ready', ''];
    writeFileSync(path.join(dataDir, 'postmaster.pid'), lock.join('\n'));
    expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    stranger.kill();
  });

  it('says when its fixed port is taken', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        resolve((other.address() as { port: number }).port);
      });
    });
    await expect(start({ port })).rejects.toThrow('could not bind');
    other.close();
  });

  it('forgets everything at the end when it is ephemeral', async () => {
    const throwAway = { dataDir: path.join(home, 'throw-away'), ephemeral: true };
    const ephemeral = await start(throwAway);
    expect(await query(ephemeral, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
    await ephemeral.stop();
    expect(existsSync(throwAway.dataDir)).toBe(false);
  });

  it('gets a database once, however often and at once it is asked for', async () => {
    const url = (await start()).url('tickets');
    await Promise.all([ensureDatabase(url), ensureDatabase(url)]);
    await ensureDatabase(url);
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query('SELECT current_database() AS name');
    await client.end();
    expect(rows).toEqual([{ name: 'tickets' }]);
  });
});

async function query(server: PostgresServer, statement: string) {
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
