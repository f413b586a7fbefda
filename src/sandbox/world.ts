import './refuse-production.js';
import { keepJson, readIfPresent, writeAtomic } from './atomic-file.js';
import type { WorldDescription } from './description.js';
import { makeFolder, type WorldFiles, worldFiles } from './folder.js';
import type { Identities } from './identities.js';
import type { Platform } from './platform/index.js';
import { ensureDatabase, startPostgres } from './postgres/index.js';
import { newSecrets } from './secrets.js';
import { startVendors } from './vendors.js';
import { loadIdentities } from './world-identities.js';
import { choosePorts, type WorldPorts } from './world-ports.js';

export interface WorldOptions {
  /** Where it keeps everything; created when absent. */
  readonly dir: string;
  /** Ports it must have; every other one stays what it was at the last start, if it is free. */
  readonly fixedPorts: Partial<WorldPorts>;
}

/** A PostgreSQL and the emulators of everything else the application talks to. */
export interface World {
  readonly env: Readonly<Record<string, string>>;
  readonly description: WorldDescription;
  readonly identities: Identities;
  readonly platform: Platform;
  /** The port set aside for the control API. */
  readonly controlPort: number;
  /** Where the application listens: signed webhooks go there from now on. */
  setAppUrl(baseUrl: string): void;
  close(): Promise<void>;
}

const DATABASE = 'tickettoken';

/** Starts everything, or fails whole. A world that was killed is taken up where it was. */
export async function startWorld({ dir, fixedPorts }: WorldOptions): Promise<World> {
  makeFolder(dir);
  const files = worldFiles(dir);
  const previous = readPorts(files);
  const [postgres, identities, ports] = await Promise.all([
    openDatabase(files, fixedPorts.postgres, previous.postgres),
    loadIdentities(files),
    choosePorts(fixedPorts, previous),
  ]);
  try {
    const databaseUrl = postgres.url(DATABASE);
    const vendors = await startVendors({
      databaseUrl,
      identities,
      secrets: keepJson(files.secrets, newSecrets),
      stateFiles: { stripe: files.stripe, platform: files.platform, mails: files.mails },
      ports,
    });
    writeAtomic(files.ports, JSON.stringify({ ...ports, postgres: postgres.port }));
    return {
      env: { ...vendors.env, ...vendors.webhookEnv, SANDBOX_DIR: dir },
      description: vendors.description,
      identities,
      platform: vendors.platform,
      controlPort: ports.control,
      setAppUrl: (baseUrl) => {
        vendors.setAppUrl(baseUrl);
      },
      close: async () => {
        await vendors.close();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function openDatabase(files: WorldFiles, port?: number, preferredPort?: number) {
  const postgres = await startPostgres({ dataDir: files.postgres, port, preferredPort });
  try {
    await ensureDatabase(postgres.url(DATABASE));
    return postgres;
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

function readPorts(files: WorldFiles): Partial<WorldPorts> {
  return JSON.parse(readIfPresent(files.ports) ?? '{}') as Partial<WorldPorts>;
}
