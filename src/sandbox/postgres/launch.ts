import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { logSince, roomInLog } from '../log-file.js';
import type { ServiceAccount } from './account.js';
import { livePostmaster, type Postmaster } from './postmaster.js';
import { cleanEnvironment, explainSpawn } from './run.js';

const POLL_MS = 5;

/** One attempt to start a server. */
export interface Launch {
  readonly program: string;
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  readonly ephemeral: boolean;
  readonly account: ServiceAccount;
}

/** Why a server did not start: its own words. */
export class LaunchRefused extends Error {
  constructor(readonly log: string) {
    super(`PostgreSQL did not start: ${log.trim().slice(-2_000)}`);
  }

  /** Someone else took the port between the choice and the start. */
  get portTaken(): boolean {
    return this.log.includes('could not bind');
  }

  /** Another start holds the data folder, or backends of a killed server are still leaving it. */
  get folderBusy(): boolean {
    return /lock file "postmaster.pid"|pre-existing shared memory/.test(this.log);
  }
}

/** Starts a server and returns when it accepts connections. Rejects with `LaunchRefused`. */
export async function launch(attempt: Launch): Promise<Postmaster> {
  const before = roomInLog(attempt.logFile);
  const log = openSync(attempt.logFile, 'a', 0o600);
  const child = spawn(attempt.program, serverArguments(attempt), {
    ...attempt.account.credentials,
    cwd: '/',
    env: cleanEnvironment(),
    stdio: ['ignore', log, log],
    // A kept cluster outlives a Ctrl-C and a crash of its owner, which attaches again; a
    // throw-away one shall rather go down with the terminal it belongs to.
    detached: !attempt.ephemeral,
  });
  closeSync(log);
  await spawned(child);
  child.unref();
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = livePostmaster(attempt.folder);
    if (postmaster?.ready && postmaster.pid === child.pid) return postmaster;
    await sleep(POLL_MS);
  }
  throw new LaunchRefused(logSince(attempt.logFile, before));
}

function serverArguments({ folder, port, ephemeral }: Launch): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=128MB',
    ...(ephemeral ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  return ['-D', folder, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(explainSpawn('postgres', error));
    });
  });
}
