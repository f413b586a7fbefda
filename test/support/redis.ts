import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';

/** A Redis of its own for one test file, without persistence. */
export interface TestRedis {
  readonly url: string;
  /** For looking into it, and for FLUSHALL. */
  readonly client: Redis;
  /** The process ends; everything in it is gone. */
  stop(): Promise<void>;
  /** Starts it again, empty, at the same address. */
  start(): Promise<void>;
  /** It keeps its connections and answers nothing until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends it for good. */
  close(): Promise<void>;
}

const START_MS = 10_000;
const isInstalled = canRun('redis-server');

/** Whether redis-server is on PATH. Where not, says what is skipped; an error with REQUIRE_REDIS=1. */
export function hasRedis(what: string): boolean {
  if (!isInstalled && process.env.REQUIRE_REDIS === '1') {
    throw new Error('redis-server is required and not on PATH');
  }
  if (!isInstalled) console.warn(`SKIPPED: "${what}", because no redis-server is on PATH.`);
  return isInstalled;
}

/** `describe`, where redis-server is on PATH; skipped loudly where not, an error with REQUIRE_REDIS=1. */
export function describeWithRedis(name: string, tests: () => void): void {
  (hasRedis(name) ? describe : describe.skip)(name, tests);
}

export async function startRedis({ password }: { password?: string } = {}): Promise<TestRedis> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tickettoken-redis-'));
  const port = await unusedPort();
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
  client.on('error', () => {
    // It is stopped on purpose.
  });
  let server: ChildProcess | undefined;
  const start = async () => {
    server = spawn('redis-server', argumentsFor(port, folder, password), { stdio: 'ignore' });
    await answers(client);
  };
  const stop = async () => {
    if (!server) return;
    const ended = once(server, 'close');
    server.kill('SIGCONT');
    server.kill('SIGKILL');
    await ended;
    server = undefined;
  };
  // A run that breaks off leaves nothing behind.
  process.once('exit', () => server?.kill('SIGKILL'));
  await start();
  return {
    url,
    client,
    start,
    stop,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    close: async () => {
      client.disconnect();
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function argumentsFor(port: number, folder: string, password: string | undefined): string[] {
  const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
  const all = { ...settings, ...(password ? { requirepass: password } : {}) };
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function answers(client: Redis): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end;) {
    try {
      if (client.status === 'wait') await client.connect();
      await client.ping();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error('redis-server did not start');
}

/** Asked of the system, which does not give it to anybody else soon. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
