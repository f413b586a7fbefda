import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIfPresent } from './atomic-file.js';
import { processIdentity } from './process-table.js';

/**
 * Makes this process the only world of a folder, or returns false when another one is.
 *
 * A lock is a numbered file that names its holder, and the highest number holds. A dead holder's
 * lock is never removed to be taken (two takers could then remove each other's): the taker adds
 * the next number, which only one can. It is released by the end of the process.
 */
export function takeLock(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const last = Math.max(0, ...generations(folder));
  const holder = readIfPresent(lockFile(folder, last));
  const mine = processIdentity(process.pid);
  if (mine === undefined) throw new Error('This process cannot be found in the process table.');
  if (holder === mine) return true;
  if (holder !== undefined && isHeldBy(holder)) return false;
  if (!createWhole(lockFile(folder, last + 1), mine)) return false;
  // Someone slower may have created a number that others had already passed.
  if (Math.max(...generations(folder)) !== last + 1) return false;
  for (const old of generations(folder).filter((each) => each <= last)) {
    rmSync(lockFile(folder, old), { force: true });
  }
  return true;
}

function isHeldBy(identity: string): boolean {
  return processIdentity(Number(identity.split('@')[0])) === identity;
}

function generations(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function lockFile(folder: string, generation: number): string {
  return path.join(folder, String(generation));
}

/** Creates a file together with its text, unless it exists. */
function createWhole(file: string, text: string): boolean {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  writeFileSync(part, text);
  try {
    linkSync(part, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(part);
  }
}
