import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { ListEntry, ListKind, SubjectType } from '../domain/list-entry.js';

/** What the guards below say. */
export const ALREADY_LISTED = 'the subject is on the list';
export const ENTRY_GONE = 'the list entry has gone';

/** Which entries, the latest first; what is null does not narrow. */
export interface ListFilter {
  readonly kind: ListKind | null;
  readonly subjectType: SubjectType | null;
  readonly before: Uuid | null;
  readonly limit: number;
}

/**
 * An entry whose time is over makes room for a new one, and so does one that was made under an older
 * key. `hashes` are the subject's, the newest key's first.
 */
export function insertEntry(
  tenantId: Uuid,
  entry: ListEntry,
  [subjectHash, ...older]: readonly [string, ...string[]],
): Statement[] {
  const { id, kind, subjectType, hint, reason, until, addedBy, addedAt } = entry;
  return [
    sql`DELETE FROM fraud_lists WHERE tenant_id = ${tenantId} AND kind = ${kind}
      AND (subject_hash = ANY(${older}::text[])
        OR subject_hash = ${subjectHash} AND until <= ${addedAt})`,
    sql`
      WITH made AS (
        INSERT INTO fraud_lists (tenant_id, id, kind, subject_type, subject_hash, hint, reason,
          until, added_by, added_at)
        VALUES (${tenantId}, ${id}, ${kind}, ${subjectType}, ${subjectHash}, ${hint}, ${reason},
          ${until}, ${addedBy}, ${addedAt})
        ON CONFLICT (tenant_id, subject_hash, kind) DO NOTHING RETURNING id
      )
      SELECT guard((SELECT count(*) = 1 FROM made), ${ALREADY_LISTED})`,
  ];
}

export function deleteEntry(tenantId: Uuid, id: Uuid): Statement {
  return sql`
    WITH gone AS (
      DELETE FROM fraud_lists WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM gone), ${ENTRY_GONE})`;
}

export function entryReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT * FROM fraud_lists WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** One more than the limit, which tells that there is another page. */
export function entriesReading(tenantId: Uuid, filter: ListFilter): Statement {
  const { kind, subjectType, before, limit } = filter;
  return sql`
    SELECT * FROM fraud_lists
    WHERE tenant_id = ${tenantId}
      AND (${kind}::text IS NULL OR kind = ${kind})
      AND (${subjectType}::text IS NULL OR subject_type = ${subjectType})
      AND (${before}::uuid IS NULL OR id < ${before})
    ORDER BY id DESC LIMIT ${limit + 1}::integer`;
}

export function entryOf(row: Readonly<Record<string, unknown>>): ListEntry {
  return {
    id: row.id as Uuid,
    kind: row.kind as ListKind,
    subjectType: row.subject_type as SubjectType,
    hint: row.hint as string,
    reason: row.reason as string,
    until: row.until as Date | null,
    addedBy: row.added_by as Uuid,
    addedAt: row.added_at as Date,
  };
}
