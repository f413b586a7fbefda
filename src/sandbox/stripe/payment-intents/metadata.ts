import type { IntentRecord } from '../state/records.js';

/** Keys given are set, keys given as '' are removed, others stay; {} (sent as '') removes all. */
export function mergeMetadata(
  intent: IntentRecord,
  changes: Readonly<Record<string, string>> | undefined,
): void {
  if (changes === undefined) return;
  const merged = Object.keys(changes).length === 0 ? {} : { ...intent.metadata, ...changes };
  intent.metadata = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}
