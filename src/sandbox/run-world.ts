import { rmSync } from 'node:fs';
import { writeAtomic } from './atomic-file.js';
import { retarget, startControl } from './control.js';
import type { WorldDescription } from './description.js';
import { type WorldAddress, type WorldFiles } from './folder.js';
import { LeaseBook } from './leases.js';
import { startWorld } from './world.js';
import { fixedPorts } from './world-ports.js';

export interface RunOptions {
  readonly files: WorldFiles;
  /** Detached: ends with its last application or when idle. Else: only when told to. */
  readonly detached: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** A world that others can find by its folder. */
export interface RunningWorld {
  readonly address: WorldAddress;
  readonly description: WorldDescription;
  /** Resolves when the world has ended, by whatever cause. */
  readonly ended: Promise<void>;
  stop(): void;
}

const CENSUS_MS = 500;
const DEFAULT_IDLE_MINUTES = 10;

/** Starts a world and announces it in its folder: environment first, address last. */
export async function runWorld({ files, detached, env }: RunOptions): Promise<RunningWorld> {
  const idleLimitMs = idleMinutes(env) * 60_000;
  const world = await startWorld({ dir: files.dir, fixedPorts: fixedPorts(env) });
  const leases = new LeaseBook(Date.now);
  const census = setInterval(() => {
    retarget(world, leases);
    if (detached && leases.idleMs() >= idleLimitMs) stop();
  }, CENSUS_MS);
  let end: (ended: Promise<void>) => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    clearInterval(census);
    for (const file of [files.address, files.env, files.description]) rmSync(file, { force: true });
    end(control.close().then(() => world.close()));
  };
  const control = await startControl({ world, leases, endsWithLastLease: detached, stop });
  const address = { pid: process.pid, controlUrl: control.baseUrl };
  writeAtomic(files.env, `${JSON.stringify(world.env, null, 2)}\n`);
  writeAtomic(files.description, `${JSON.stringify(world.description, null, 2)}\n`);
  writeAtomic(files.address, `${JSON.stringify(address)}\n`);
  return { address, description: world.description, ended, stop };
}

function idleMinutes({ SANDBOX_IDLE_MINUTES: given }: NodeJS.ProcessEnv): number {
  if (!given) return DEFAULT_IDLE_MINUTES;
  const minutes = Number(given);
  if (minutes > 0) return minutes;
  throw new Error(`SANDBOX_IDLE_MINUTES is not a number of minutes: ${given}`);
}
