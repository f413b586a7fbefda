import './refuse-production.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { findWorld, lease, leave } from './contact.js';
import {
  makeFolder,
  sandboxFolder,
  type WorldAddress,
  type WorldFiles,
  worldFiles,
} from './folder.js';
import { isAlive } from './process-table.js';
import { runWorld } from './run-world.js';
import { takeLock } from './world-lock.js';

const PATIENCE_MS = 30_000;
const POLL_MS = 20;

/**
 * The sandbox's own process. In the foreground (`npm run sandbox`) it runs until interrupted;
 * with `--detached`, as applications start it, until its last application leaves or it is idle.
 * There is one world a folder: a second process keeps the first one's world awake instead.
 */
async function main(): Promise<void> {
  const detached = process.argv.includes('--detached');
  const files = worldFiles(sandboxFolder());
  makeFolder(files.dir);
  const other = await becomeWorld(files);
  const interrupted = interruption();
  if (other === undefined) await beWorld(files, detached, interrupted);
  else if (!detached) await keepAwake(other, files, interrupted);
}

/** Returns the world that was here first, `undefined` when this process may be it. */
async function becomeWorld(files: WorldFiles): Promise<WorldAddress | undefined> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!takeLock(files.locks)) {
    const other = await findWorld(files);
    if (other) return other;
    // It is starting, or stopping.
    if (Date.now() > deadline) throw new Error(`Another process holds ${files.dir}.`);
    await sleep(POLL_MS);
  }
  return undefined;
}

async function beWorld(
  files: WorldFiles,
  detached: boolean,
  interrupted: Promise<void>,
): Promise<void> {
  const world = await runWorld({ files, detached, env: process.env });
  // At once when the interruption came during the start, which leaves nothing half done.
  void interrupted.then(() => {
    world.stop();
  });
  if (!detached) {
    const { address, description } = world;
    const { databaseUrl, emulators, chains } = description;
    for (const missing of chains?.missing ?? []) console.error(missing);
    announce({ postgres: databaseUrl, ...emulators, control: address.controlUrl }, files);
  }
  await world.ended;
}

async function keepAwake(
  address: WorldAddress,
  files: WorldFiles,
  interrupted: Promise<void>,
): Promise<void> {
  if (!(await lease(address))) throw new Error('The sandbox that ran here is stopping: try again.');
  announce({ 'already running': `pid ${address.pid}` }, files);
  const waiting = new AbortController();
  void interrupted.then(() => {
    waiting.abort();
  });
  while (!waiting.signal.aborted) {
    if (!isAlive(address.pid)) throw new Error('The sandbox has ended.');
    await sleep(200);
  }
  await leave(address);
}

function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve();
      });
    }
  });
}

function announce(lines: Readonly<Record<string, string>>, { env }: WorldFiles): void {
  const rows = Object.entries({ ...lines, environment: env });
  console.log('Sandbox');
  for (const [name, value] of rows) console.log(`  ${name.padEnd(16)}${value}`);
  console.log('Ctrl-C ends it.');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
