import { newId, type Uuid } from '../ids.js';
import { type Result } from '../postgres/pipeline.js';
import { sql, type Statement } from '../postgres/sql.js';

/** Which stream events belong to; `id` is the payment, refund or other aggregate itself. */
export interface Stream {
  readonly tenantId: Uuid;
  readonly type: string;
  readonly id: Uuid;
}

/** What an aggregate decided, as it is stored. */
export interface NewEvent {
  readonly type: string;
  readonly version: number;
  readonly data: object;
}

export interface EventContext {
  readonly at: Date;
  readonly correlationId: string | null;
  readonly orderId?: string | null;
}

/** An event as history tells it. */
export interface StoredEvent {
  readonly sequence: number;
  readonly type: string;
  readonly version: number;
  readonly at: Date;
  readonly correlationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The unique key whose violation (23505) says that someone else appended first. */
export const STREAM_KEY = 'payment_event_sequence_pkey';

/**
 * Appends events after `version`, the sequence number that the decision was made on: the unique
 * key is the optimistic lock, and its violation means load, decide and try again.
 */
export function append(
  stream: Stream,
  version: number,
  events: readonly NewEvent[],
  context: EventContext,
): Statement {
  return sql`
    INSERT INTO payment_event_sequence (tenant_id, payment_id, sequence_number, stream_type, id,
      order_id, event_type, event_version, event_timestamp, correlation_id, payload)
    SELECT ${stream.tenantId}::uuid, ${stream.id}::uuid, ${version}::bigint + n, ${stream.type}, id,
      ${context.orderId ?? null}, type, version, ${context.at}::timestamptz,
      ${context.correlationId}, data
    FROM unnest(
      ${events.map(() => newId())}::uuid[], ${events.map((e) => e.type)}::text[],
      ${events.map((e) => e.version)}::smallint[],
      ${events.map((e) => JSON.stringify(e.data))}::jsonb[]
    ) WITH ORDINALITY AS e (id, type, version, data, n)`;
}

/** Reads a whole stream in order; see `parseStream`. */
export function readStream(stream: Stream): Statement {
  return sql`
    SELECT sequence_number, event_type, event_version, event_timestamp, correlation_id, payload
    FROM payment_event_sequence
    WHERE tenant_id = ${stream.tenantId} AND payment_id = ${stream.id}
      AND stream_type = ${stream.type}
    ORDER BY sequence_number`;
}

export function parseStream(result: Result | undefined): StoredEvent[] {
  return (result?.rows ?? []).map((row) => ({
    sequence: Number(row.sequence_number),
    type: row.event_type as string,
    version: row.event_version as number,
    at: row.event_timestamp as Date,
    correlationId: row.correlation_id as string | null,
    data: row.payload as Record<string, unknown>,
  }));
}
