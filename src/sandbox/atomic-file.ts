import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader sees the old text or the new one, never a part. */
export function writeAtomic(file: string, text: string, mode = 0o600): void {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  writeFileSync(part, text, { mode });
  renameSync(part, file);
}

/** The text of a file, `undefined` when there is none. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The JSON value kept in `file`, made and written on the first call.
 * The file is readable by its owner only.
 */
export function keepJson<T>(file: string, make: () => T): T {
  const text = readIfPresent(file);
  if (text !== undefined) return JSON.parse(text) as T;
  const value = make();
  writeAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
  return value;
}
