import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { RoomKey } from '../domain/room.js';

/** Keeps the Merkle root of one run of the drawn order; written twice, it is the same. */
export function writeRun({ tenantId, eventId }: RoomKey, run: number, root: Buffer): Statement {
  return sql`INSERT INTO waiting_room_draws (tenant_id, event_id, run, root)
    VALUES (${tenantId}, ${eventId}, ${run}, ${root}) ON CONFLICT DO NOTHING`;
}

/** The roots of all runs, in order. */
export function rootsReading({ tenantId, eventId }: RoomKey): Statement {
  return sql`SELECT root FROM waiting_room_draws
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid ORDER BY run`;
}

/** The places of one run, in the drawn order; `from` is the rank of the first. */
export function runReading({ tenantId, eventId }: RoomKey, from: number, size: number): Statement {
  return sql`SELECT queue_id FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND is_early
      AND ordinal >= ${from}::bigint AND ordinal < ${from}::bigint + ${size}::bigint
    ORDER BY ordinal`;
}
