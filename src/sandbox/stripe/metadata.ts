/** Keys given are set, keys given as '' are removed, others stay; {} (sent as '') removes all. */
export function mergeMetadata(
  record: { metadata: Record<string, string> },
  changes: Readonly<Record<string, string>> | undefined,
): void {
  if (changes === undefined) return;
  const merged = Object.keys(changes).length === 0 ? {} : { ...record.metadata, ...changes };
  record.metadata = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}
