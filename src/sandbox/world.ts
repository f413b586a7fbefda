import './refuse-production.js';
import path from 'node:path';
import { allOrNone } from './all-or-none.js';
import { keepJson, readIfPresent, writeAtomic } from './atomic-file.js';
import { type Chains, startChains } from './chains/index.js';
import { type WorldDescription, withChains } from './description.js';
import { makeFolder, type WorldFiles, worldFiles } from './folder.js';
import type { Identities } from './identities.js';
import type { Platform } from './platform/index.js';
import { ensureDatabase, startPostgres } from './postgres/index.js';
import { chainKeyPassphrase, newSecrets, type WorldSecrets } from './secrets.js';
import { startVendors } from './vendors.js';
import { loadIdentities } from './world-identities.js';
import { choosePorts, type WorldPorts } from './world-ports.js';

export interface WorldOptions {
  /** Where it keeps everything; created when absent. */
  readonly dir: string;
  /** Ports it must have; every other one stays what it was at the last start, if it is free. */
  readonly fixedPorts: Partial<WorldPorts>;
}

/** A PostgreSQL, two chains and the emulators of everything else the application talks to. */
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
  const [identities, ports] = await Promise.all([
    loadIdentities(files),
    choosePorts(fixedPorts, previous),
  ]);
  const secrets = keepJson(files.secrets, newSecrets);
  const [database, chains] = await allOrNone(
    openDatabase(files, fixedPorts.postgres, previous.postgres),
    openChains(files, ports, secrets),
  );
  const close = async (): Promise<void> => {
    await Promise.all([database.close(), chains.close()]);
  };
  try {
    const vendors = await startVendors({
      databaseUrl: database.url,
      identities,
      secrets,
      stateFiles: { stripe: files.stripe, platform: files.platform, mails: files.mails },
      ports,
    });
    writeAtomic(files.ports, JSON.stringify({ ...ports, postgres: database.port }));
    return {
      env: { ...vendors.env, ...vendors.webhookEnv, ...chains.env, SANDBOX_DIR: dir },
      description: withChains(vendors.description, chains.description),
      identities,
      platform: vendors.platform,
      controlPort: ports.control,
      setAppUrl: (baseUrl) => {
        vendors.setAppUrl(baseUrl);
      },
      close: async () => {
        await vendors.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openDatabase(files: WorldFiles, fixedPort?: number, preferredPort?: number) {
  const postgres = await startPostgres({
    dataDir: files.postgres,
    port: fixedPort,
    preferredPort,
  });
  const close = () => postgres.stop();
  try {
    const url = postgres.url(DATABASE);
    await ensureDatabase(url);
    return { url, port: postgres.port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openChains(
  files: WorldFiles,
  ports: Omit<WorldPorts, 'postgres'>,
  secrets: WorldSecrets,
): Promise<Chains> {
  const { keys, polygon, solana } = files;
  return startChains({
    folders: { polygon, solana },
    keyFiles: { polygon: path.join(keys, 'polygon.json'), solana: path.join(keys, 'solana.json') },
    ports,
    passphrase: chainKeyPassphrase(secrets),
  });
}

function readPorts(files: WorldFiles): Partial<WorldPorts> {
  return JSON.parse(readIfPresent(files.ports) ?? '{}') as Partial<WorldPorts>;
}
