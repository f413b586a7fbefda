import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfPresent } from '../atomic-file.js';
import { commandLine, isAlive } from '../process-table.js';

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

const POLL_MS = 5;

/** The server that runs on this data folder, `undefined` when none does. */
export function livePostmaster(folder: string): Postmaster | undefined {
  const lines = readIfPresent(lockFile(folder))?.split('\n');
  const pid = Number(lines?.[0]);
  if (lines === undefined || !serves(pid, folder)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Removes a lock file whose pid meanwhile names a stranger or a zombie; PostgreSQL would take
 * either for a running server and refuse to start. Orphaned backends of a killed server are still
 * noticed: PostgreSQL finds their shared memory by the data folder, not by this file.
 */
export function clearForeignLock(folder: string): void {
  const lines = readIfPresent(lockFile(folder))?.split('\n');
  if (lines !== undefined && !serves(Number(lines[0]), folder)) {
    rmSync(lockFile(folder), { force: true });
  }
}

/** Fast shutdown: open transactions roll back, a checkpoint is written. Returns when it is gone. */
export async function stopPostmaster(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  if (await gone(pid, 30_000)) return;
  signal(pid, 'SIGQUIT');
  if (!(await gone(pid, 10_000))) throw new Error(`PostgreSQL ${pid} does not stop.`);
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function serves(pid: number, folder: string): boolean {
  return isAlive(pid) && commandLine(pid).includes(`-D ${folder} `);
}

function lockFile(folder: string): string {
  return path.join(folder, 'postmaster.pid');
}
