import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { RoomKey } from '../domain/room.js';

/** The how-manyth of those who came too late for the draw of this room has this ordinal, from 1. */
export function arrivalRankReading({ tenantId, eventId }: RoomKey, ordinal: number): Statement {
  return sql`SELECT count(*)::integer AS rank FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND NOT is_early
      AND ordinal <= ${ordinal}::bigint`;
}
