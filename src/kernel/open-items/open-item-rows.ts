import type { Uuid } from '../ids.js';
import { type Cents, toCents } from '../money/index.js';
import type { JsonObject } from '../outbox/integration-event.js';
import { sql, type Statement } from '../postgres/sql.js';

export const ITEM_STATUSES = ['open', 'resolved'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** An item as it stands on record. */
export interface RecordedItem {
  readonly id: Uuid;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly cause: string;
  /** Null where nothing can be told. */
  readonly centsAtRisk: Cents | null;
  readonly currency: string | null;
  readonly details: JsonObject;
  readonly status: ItemStatus;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly timesSeen: number;
  readonly resolvedAt: Date | null;
  /** A user's id, or `system`. */
  readonly resolvedBy: string | null;
  readonly resolution: string | null;
}

export function itemReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT * FROM open_items WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

export function itemOf(row: Readonly<Record<string, unknown>>): RecordedItem {
  return {
    id: row.id as Uuid,
    kind: row.kind as string,
    subjectType: row.subject_type as string,
    subjectId: row.subject_id as string,
    cause: row.cause as string,
    centsAtRisk: row.cents_at_risk === null ? null : toCents(row.cents_at_risk as bigint),
    currency: row.currency as string | null,
    details: row.details as JsonObject,
    status: row.status as ItemStatus,
    openedAt: row.opened_at as Date,
    lastSeenAt: row.last_seen_at as Date,
    timesSeen: row.times_seen as number,
    resolvedAt: row.resolved_at as Date | null,
    resolvedBy: row.resolved_by as string | null,
    resolution: row.resolution as string | null,
  };
}
