import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** The conventional unprivileged user and group (`nobody`); no entry in /etc/passwd is needed. */
const NOBODY = 65534;

/** Whom PostgreSQL runs as. It refuses to run as root. */
export interface ServiceAccount {
  /** What `spawn` needs to become that user; empty when the process already is an ordinary one. */
  readonly credentials: { uid?: number; gid?: number };
  /** True when PostgreSQL runs as another user than this process. */
  readonly separate: boolean;
}

/** Root starts PostgreSQL as `nobody`, everyone else as themselves. */
export function serviceAccount(): ServiceAccount {
  return process.getuid?.() === 0
    ? { credentials: { uid: NOBODY, gid: NOBODY }, separate: true }
    : { credentials: {}, separate: false };
}

/** Can every user reach `target`, that is, may everyone enter each folder above it and itself? */
export function reachableByAll(target: string): boolean {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}
