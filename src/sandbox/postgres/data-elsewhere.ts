import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { readIfPresent, writeAtomic } from '../atomic-file.js';
import { livePostmaster } from './postmaster.js';

const ROOT = '/var/tmp';
const PREFIX = 'tickettoken-data-';

/**
 * Makes an empty data folder that every user can reach, and `link` a symbolic link to it.
 * Such folders whose links are gone are removed first: nobody can find them any more.
 */
export function linkElsewhere(link: string): string {
  sweep();
  const home = mkdtempSync(path.join(ROOT, PREFIX));
  // It holds the cluster's own, closed folder; others only pass through.
  chmodSync(home, 0o711);
  const folder = path.join(home, 'postgres');
  mkdirSync(folder);
  symlinkSync(folder, link);
  writeAtomic(linkFile(home), link);
  return folder;
}

function sweep(): void {
  for (const name of readdirSync(ROOT).filter((each) => each.startsWith(PREFIX))) {
    const home = path.join(ROOT, name);
    if (lstatSync(home, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue;
    const link = readIfPresent(linkFile(home));
    const folder = path.join(home, 'postgres');
    const lost = link !== undefined && !pointsTo(link, folder);
    if (lost && !livePostmaster(folder)) rmSync(home, { recursive: true, force: true });
  }
}

function pointsTo(link: string, folder: string): boolean {
  const found = lstatSync(link, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true && existsSync(link) && readlinkSync(link) === folder;
}

function linkFile(home: string): string {
  return path.join(home, 'link');
}
