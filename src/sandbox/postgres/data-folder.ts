import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { reachableByAll, type ServiceAccount } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { linkElsewhere } from './data-elsewhere.js';
import { run } from './run.js';

const PART = '.part-';
const ABANDONED_MS = 10 * 60_000;

/**
 * Resolves where the data of `dataDir` lives, and creates an empty cluster when there is none.
 *
 * When PostgreSQL runs as another user that cannot reach `dataDir`, the data lives under
 * /var/tmp and `dataDir` becomes a symbolic link to it, so that removing the link forgets it.
 * A cluster is made beside its place and renamed: an interrupted creation leaves nothing behind.
 */
export async function prepareDataFolder(
  dataDir: string,
  account: ServiceAccount,
  binaries: PostgresBinaries,
): Promise<string> {
  const wanted = path.resolve(dataDir);
  mkdirSync(path.dirname(wanted), { recursive: true });
  const folder = locate(wanted, account);
  if (!existsSync(path.join(folder, 'PG_VERSION'))) {
    await createCluster(folder, account, binaries);
  } else if (!account.separate && statSync(folder).uid !== process.getuid?.()) {
    throw new Error(
      `${folder} belongs to another user: start as that user, or remove the folder to begin anew.`,
    );
  }
  return folder;
}

function locate(wanted: string, account: ServiceAccount): string {
  const link = lstatSync(wanted, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (link && existsSync(wanted)) return realpathSync(wanted);
  if (link) rmSync(wanted);
  if (!account.separate || reachableByAll(path.dirname(wanted))) {
    return path.join(realpathSync(path.dirname(wanted)), path.basename(wanted));
  }
  return linkElsewhere(wanted);
}

/** What a creation that was killed left behind; a young one may still be at work. */
function sweepParts(folder: string): void {
  const parent = path.dirname(folder);
  const prefix = `${path.basename(folder)}${PART}`;
  for (const name of readdirSync(parent).filter((each) => each.startsWith(prefix))) {
    const part = path.join(parent, name);
    const { mtimeMs } = statSync(part, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > ABANDONED_MS) rmSync(part, { recursive: true, force: true });
  }
}

async function createCluster(
  folder: string,
  account: ServiceAccount,
  binaries: PostgresBinaries,
): Promise<void> {
  sweepParts(folder);
  const part = mkdtempSync(`${folder}${PART}`);
  try {
    const { uid, gid } = account.credentials;
    if (uid !== undefined && gid !== undefined) chownSync(part, uid, gid);
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    await run(binaries.initdb, ['-D', part, ...options, '--no-sync'], account);
    renameSync(part, folder);
  } catch (error) {
    // Another start was first: its cluster is as good.
    if (!existsSync(path.join(folder, 'PG_VERSION'))) throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
