import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../errors.js';
import type { Uuid } from '../ids.js';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';
import type { AuditEntry } from './audit.js';

/** Which entries; what is absent does not narrow. */
export interface AuditFilter {
  readonly objectType?: string;
  readonly objectId?: string;
  readonly actorId?: string;
  readonly action?: string;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  /** The previous page's `nextCursor`. */
  readonly before?: Uuid;
  readonly limit: number;
}

/** An entry as it stands on record. */
export interface RecordedEntry extends AuditEntry {
  readonly id: Uuid;
  readonly at: Date;
  readonly correlationId: string | null;
  readonly requestId: string | null;
}

export interface AuditPage {
  readonly entries: readonly RecordedEntry[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** The tenant's audit log, the latest entry first. Refuses (VALIDATION_ERROR) an empty time span. */
export class ListAuditLog extends Query<AuditPage | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly filter: AuditFilter,
  ) {
    super();
  }
}

@QueryHandler(ListAuditLog)
export class ListAuditLogHandler implements IQueryHandler<ListAuditLog> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, filter }: ListAuditLog): Promise<AuditPage | Refusal> {
    const { objectType, objectId, actorId, action, from, to, before, limit } = filter;
    if (from && to && from >= to) {
      const errors = [{ field: 'to', message: 'must be later than from' }];
      return refuse('VALIDATION_ERROR', 'The time span is empty', { errors });
    }
    const [found] = await this.database.read(tenantId, [
      sql`
        SELECT id, at, actor_type, actor_id, action, object_type, object_id, before, after,
          correlation_id, request_id
        FROM audit_log
        WHERE tenant_id = ${tenantId}::uuid
          AND (${objectType}::text IS NULL OR object_type = ${objectType})
          AND (${objectId}::text IS NULL OR object_id = ${objectId})
          AND (${actorId}::text IS NULL OR actor_id = ${actorId})
          AND (${action}::text IS NULL OR action = ${action})
          AND (${from}::timestamptz IS NULL OR at >= ${from})
          AND (${to}::timestamptz IS NULL OR at < ${to})
          AND (${before}::uuid IS NULL OR id < ${before})
        ORDER BY id DESC LIMIT ${limit + 1}::integer`,
    ]);
    const rows = found?.rows ?? [];
    const entries = rows.slice(0, limit).map(entryOf);
    const last = entries.at(-1);
    return rows.length > limit && last ? { entries, nextCursor: last.id } : { entries };
  }
}

function entryOf(row: Readonly<Record<string, unknown>>): RecordedEntry {
  return {
    id: row.id as Uuid,
    at: row.at as Date,
    actor: { type: row.actor_type as RecordedEntry['actor']['type'], id: row.actor_id as string },
    action: row.action as string,
    object: { type: row.object_type as string, id: row.object_id as string },
    before: row.before as object | null,
    after: row.after as object | null,
    correlationId: row.correlation_id as string | null,
    requestId: row.request_id as string | null,
  };
}
