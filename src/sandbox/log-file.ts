import { readFileSync, statSync, truncateSync } from 'node:fs';

const LIMIT_BYTES = 4 * 1024 * 1024;

/** The size of a log that is about to be appended to, after emptying it when it has grown large. */
export function roomInLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= LIMIT_BYTES) return size;
  truncateSync(file);
  return 0;
}

/** What a log has gained since it had `start` bytes. */
export function logSince(file: string, start: number): string {
  return readFileSync(file).subarray(start).toString();
}
