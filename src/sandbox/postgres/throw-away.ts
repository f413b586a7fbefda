import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readIfPresent, writeAtomic } from '../atomic-file.js';
import { processIdentity } from '../process-table.js';
import { livePostmaster, stopPostmaster } from './postmaster.js';
import { startPostgres, type PostgresServer } from './start.js';

const PREFIX = 'tickettoken-test-';

/**
 * A PostgreSQL for one run of something, in the machine's temporary folder, without durability,
 * gone after `stop`. What earlier runs of this user left behind because they were killed is
 * swept first.
 */
export async function startThrowAwayPostgres(): Promise<PostgresServer> {
  await sweep();
  const home = mkdtempSync(path.join(os.tmpdir(), PREFIX));
  chmodSync(home, 0o711);
  writeAtomic(ownerFile(home), owner(process.pid));
  const server = await startPostgres({ dataDir: path.join(home, 'data'), ephemeral: true });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function sweep(): Promise<void> {
  for (const name of readdirSync(os.tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const home = path.join(os.tmpdir(), name);
    if (!abandoned(home)) continue;
    const left = livePostmaster(path.join(home, 'data'));
    if (left) await stopPostmaster(left.pid);
    rmSync(home, { recursive: true, force: true });
  }
}

function abandoned(home: string): boolean {
  let text: string | undefined;
  try {
    text = readIfPresent(ownerFile(home));
  } catch {
    // Another user's run: not ours to judge.
    return false;
  }
  if (text === undefined) return false;
  const [host, pid] = text.split(' ');
  return host === os.hostname() && text !== owner(Number(pid));
}

/** The host is part of it: containers share folders without sharing process numbers. */
function owner(pid: number): string {
  return `${os.hostname()} ${pid} ${processIdentity(pid) ?? 'gone'}`;
}

function ownerFile(home: string): string {
  return path.join(home, 'owner');
}
