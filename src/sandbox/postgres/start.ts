import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortNear } from '../ports.js';
import { serviceAccount } from './account.js';
import { answers } from './database.js';
import { locateBinaries } from './binaries.js';
import { prepareDataFolder } from './data-folder.js';
import { launch, LaunchRefused } from './launch.js';
import { clearForeignLock, livePostmaster, stopPostmaster } from './postmaster.js';

export interface PostgresOptions {
  /** The cluster's folder; created when absent, kept at `stop` unless `ephemeral`. */
  readonly dataDir: string;
  /** A fixed port; a server already running on another one is restarted. */
  readonly port?: number | undefined;
  /** The port to take when it is free and no port is fixed. */
  readonly preferredPort?: number | undefined;
  /** Trades durability for speed and removes the data at `stop`. */
  readonly ephemeral?: boolean;
}

/** A running PostgreSQL on 127.0.0.1, superuser `postgres`, no password. */
export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  url(database: string): string;
  /** Ends the server in an orderly way and returns when it is gone. May be called again. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 15_000;
const RETRY_MS = 50;

/**
 * Starts the bundled PostgreSQL on a data folder, or attaches to the server that already runs on
 * it. Recovers a folder whose server was killed. Throws when the platform has no bundled
 * PostgreSQL, the folder is another user's, or a fixed port is taken.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const ephemeral = options.ephemeral ?? false;
  const account = serviceAccount();
  const binaries = locateBinaries(account);
  const folder = await prepareDataFolder(options.dataDir, account, binaries);
  const logFile = `${options.dataDir}.log`;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const running = livePostmaster(folder);
    if (running?.ready && (options.port ?? running.port) === running.port) {
      const server = handle(folder, running.pid, running.port, ephemeral);
      if (await answers(server.url('postgres'))) return server;
    } else if (running?.ready) {
      await stopPostmaster(running.pid);
    } else {
      clearForeignLock(folder);
    }
    const port = options.port ?? (await freePortNear(options.preferredPort));
    try {
      const attempt = { program: binaries.postgres, folder, logFile, port, ephemeral, account };
      const { pid } = await launch(attempt);
      return handle(folder, pid, port, ephemeral);
    } catch (error) {
      const passing =
        error instanceof LaunchRefused &&
        (error.folderBusy || (error.portTaken && options.port === undefined));
      if (!passing || Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

function handle(folder: string, pid: number, port: number, ephemeral: boolean): PostgresServer {
  return {
    pid,
    port,
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    stop: async () => {
      // Someone may have restarted the server meanwhile: the one that runs now is meant.
      const running = livePostmaster(folder);
      if (running) await stopPostmaster(running.pid);
      if (ephemeral) rmSync(folder, { recursive: true, force: true });
    },
  };
}
