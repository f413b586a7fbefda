import { retention } from '../../kernel/retention/index.js';

const AGE = '90 days';

/** A room whose on-sale is that long over, by when it opened, or was closed without having. */
const OLD_ROOM = `EXISTS (SELECT FROM waiting_rooms w
  WHERE w.tenant_id = r.tenant_id AND w.event_id = r.event_id
    AND coalesce(w.opened_at, CASE WHEN w.status = 'closed' THEN w.updated_at END)
      < now() - interval '${AGE}')`;

/**
 * Proofs and figures of an on-sale go back three months; whoever still waits or holds a token stays.
 * A proof needs the places and the roots beside its own, so those of one room go at the same time.
 */
export const WAITING_ROOM_RETENTION = retention(
  {
    table: 'waiting_room_places',
    key: ['tenant_id', 'queue_id'],
    what: 'delete',
    olderThan: { column: 'joined_at', age: AGE },
    where: `${OLD_ROOM} AND (r.status NOT IN ('waiting', 'admitted')
      OR EXISTS (SELECT FROM waiting_rooms w WHERE w.tenant_id = r.tenant_id
        AND w.event_id = r.event_id AND w.status = 'closed'))`,
  },
  {
    table: 'waiting_room_access',
    key: ['tenant_id', 'jti'],
    what: 'delete',
    olderThan: { column: 'updated_at', age: AGE },
    where: `r.status NOT IN ('issued', 'reserved')`,
  },
  {
    table: 'waiting_room_draws',
    key: ['tenant_id', 'event_id', 'run'],
    what: 'delete',
    olderThan: { column: 'created_at', age: AGE },
    where: OLD_ROOM,
  },
  {
    table: 'waiting_room_activity',
    key: ['tenant_id', 'id'],
    what: 'delete',
    olderThan: { column: 'timestamp', age: AGE },
    where: 'true',
  },
);
