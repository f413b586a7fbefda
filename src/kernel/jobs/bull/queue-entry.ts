import { createHash } from 'node:crypto';
import type { JobOptions } from 'bull';
import type { WorkRef } from '../work-source.js';

/** Names an entry that is work on a row, and one that only says that there is some. */
export const WORK = 'work';
export const WAKE = 'wake';

/** What an entry of a queue carries: the name of a source and, unless it only wakes, one of its rows. */
export interface QueueEntry extends Partial<WorkRef> {
  readonly source: string;
}

/** Postgres counts the tries and keeps what failed: an entry is gone when somebody has had it. */
const ONCE: JobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** The entry of a row at one of its tries: given again while it is there, it is the same entry. */
export function workEntry(source: string, ref: WorkRef) {
  const { tenantId, id, attempts } = ref;
  // A digest: tenants who look at the queues must not learn of each other.
  const row = createHash('sha256').update([tenantId, id, attempts].join('|')).digest('base64url');
  const data: QueueEntry = { source, tenantId, id, attempts };
  return { name: WORK, data, opts: { ...ONCE, jobId: `${source}|${row}` } };
}

export function wakeEntry(source: string) {
  const data: QueueEntry = { source };
  return { name: WAKE, data, opts: { ...ONCE, jobId: `${WAKE}|${source}` } };
}
