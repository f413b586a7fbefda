import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { LEASE_SECONDS, type PlaceStatus, type RoomKey } from '../domain/room.js';

type Row = Readonly<Record<string, unknown>>;

/** Somebody's place in a room. */
export interface Place {
  readonly queueId: Uuid;
  readonly userId: Uuid;
  readonly status: PlaceStatus;
  readonly joinedAt: Date;
  /** Null until it is drawn. */
  readonly ordinal: number | null;
  readonly isEarly: boolean;
}

/** A place that somebody asks for, under the id that it will have. */
export interface WantedPlace {
  readonly queueId: Uuid;
  readonly userId: Uuid;
}

/**
 * Gives places to all who have none, in the order given, and answers those. Nothing where there is no
 * room or it is closed. Needs `shareRoom` before it. Written in the order of users: two processes that
 * are asked by the same people wait for each other, but never in a circle.
 */
export function insertPlaces(
  { tenantId, eventId }: RoomKey,
  wanted: readonly WantedPlace[],
): Statement {
  const userIds = wanted.map(({ userId }) => userId);
  const queueIds = wanted.map(({ queueId }) => queueId);
  return sql`
    WITH room AS MATERIALIZED (
      SELECT status = 'scheduled' AND now() < opens_at AS is_early FROM waiting_rooms
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status <> 'closed'
    ), numbered AS MATERIALIZED (
      SELECT asked.queue_id, asked.user_id, room.is_early,
        CASE WHEN room.is_early THEN NULL ELSE nextval('waiting_room_ordinals') END AS ordinal
      FROM room, unnest(${queueIds}::uuid[], ${userIds}::uuid[]) WITH ORDINALITY
        AS asked (queue_id, user_id, n)
      ORDER BY asked.n
    ), made AS (
      INSERT INTO waiting_room_places
        (tenant_id, event_id, queue_id, user_id, is_early, ordinal, lease_until)
      SELECT ${tenantId}::uuid, ${eventId}::uuid, queue_id, user_id, is_early, ordinal,
        now() + make_interval(secs => ${LEASE_SECONDS.waiting})
      FROM numbered ORDER BY user_id
      ON CONFLICT (tenant_id, user_id, event_id) WHERE status IN ('waiting', 'admitted') DO NOTHING
      RETURNING *
    ), noted AS (
      INSERT INTO waiting_room_activity (tenant_id, id, event_id, user_id, action)
      SELECT tenant_id, queue_id, event_id, user_id, 'joined' FROM made
    )
    SELECT queue_id, user_id, status, joined_at, ordinal, is_early FROM made`;
}

/** The places that these users hold. */
export function heldPlacesReading(
  { tenantId, eventId }: RoomKey,
  userIds: readonly Uuid[],
): Statement {
  return sql`SELECT queue_id, user_id, status, joined_at, ordinal, is_early
    FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
      AND user_id = ANY(${userIds}::uuid[]) AND status IN ('waiting', 'admitted')`;
}

/** The place that a user holds, else the last one that they held. */
export function latestPlaceReading({ tenantId, eventId }: RoomKey, userId: Uuid): Statement {
  return sql`
    (SELECT * FROM waiting_room_places
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
        AND user_id = ${userId}::uuid AND status IN ('waiting', 'admitted'))
    UNION ALL
    (SELECT * FROM waiting_room_places
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
        AND user_id = ${userId}::uuid AND status NOT IN ('waiting', 'admitted')
      ORDER BY joined_at DESC, queue_id DESC LIMIT 1)
    LIMIT 1`;
}

/**
 * Holds a user's token and place against payments and admissions until the transaction ends. Come
 * before what relies on it, which then sees what those have written.
 */
export function holdPlace({ tenantId, eventId }: RoomKey, userId: Uuid): readonly Statement[] {
  return [
    sql`SELECT FROM waiting_room_access
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND user_id = ${userId}
        AND status IN ('issued', 'reserved') FOR UPDATE`,
    sql`SELECT FROM waiting_room_places
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND user_id = ${userId}
        AND status IN ('waiting', 'admitted') FOR UPDATE`,
  ];
}

/**
 * Gives up the place that a user holds, unless a payment is under way with it, and answers it. Who
 * leaves before the draw takes no part in it. Needs `shareRoom` and `holdPlace` before it.
 */
export function leavePlace({ tenantId, eventId }: RoomKey, userId: Uuid): Statement {
  return sql`
    WITH returned AS (
      UPDATE waiting_room_access SET status = 'returned', updated_at = now()
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND user_id = ${userId}
        AND status = 'issued'
    ), gone AS (
      UPDATE waiting_room_places p SET status = 'left', ended_at = now(),
        is_early = is_early AND (ordinal IS NOT NULL OR EXISTS (
          SELECT FROM waiting_rooms r WHERE r.tenant_id = p.tenant_id AND r.event_id = p.event_id
            AND r.status = 'drawing'))
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND user_id = ${userId}
        AND status IN ('waiting', 'admitted') AND NOT EXISTS (
          SELECT FROM waiting_room_access a WHERE a.tenant_id = p.tenant_id
            AND a.event_id = p.event_id AND a.user_id = p.user_id AND a.status = 'reserved')
      RETURNING *
    ), noted AS (
      INSERT INTO waiting_room_activity (tenant_id, id, event_id, user_id, action, metadata)
      SELECT tenant_id, md5(queue_id || 'left')::uuid, event_id, user_id, 'abandoned',
        jsonb_build_object('queueId', queue_id, 'left', true)
      FROM gone
    )
    SELECT queue_id, user_id, status, joined_at, ordinal, is_early FROM gone`;
}

/**
 * Whoever of these still waits has given up, unless their lease was renewed here: they were silent for
 * longer than that.
 */
export function abandonPlaces(
  { tenantId, eventId }: RoomKey,
  queueIds: readonly Uuid[],
): Statement {
  return sql`
    WITH silent AS (
      SELECT queue_id FROM waiting_room_places
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status = 'waiting'
        AND queue_id = ANY(${queueIds}::uuid[]) AND lease_until <= now() FOR UPDATE SKIP LOCKED
    ), gone AS (
      UPDATE waiting_room_places p SET status = 'abandoned', ended_at = now() FROM silent
      WHERE p.tenant_id = ${tenantId} AND p.event_id = ${eventId}
        AND p.queue_id = silent.queue_id
      RETURNING p.*
    ), noted AS (
      INSERT INTO waiting_room_activity (tenant_id, id, event_id, user_id, action, metadata)
      SELECT tenant_id, md5(queue_id || 'abandoned')::uuid, event_id, user_id, 'abandoned',
        jsonb_build_object('queueId', queue_id, 'as', 'waiting')
      FROM gone ON CONFLICT DO NOTHING
    )
    SELECT queue_id FROM gone`;
}

/** Which of these places still wait. */
export function stillWaitingReading({ tenantId }: RoomKey, queueIds: readonly Uuid[]): Statement {
  return sql`SELECT queue_id, user_id, status, joined_at, ordinal, is_early
    FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND queue_id = ANY(${queueIds}::uuid[])
      AND status = 'waiting'`;
}

/** The places of the draw, in any order. */
export function drawnPlacesReading({ tenantId, eventId }: RoomKey): Statement {
  return sql`SELECT queue_id FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND is_early`;
}

/**
 * Writes part of the drawn order: the first of these has ordinal `from`, the others follow. From now
 * on they must show that they are still there.
 */
export function orderPlaces(
  { tenantId, eventId }: RoomKey,
  queueIds: readonly Uuid[],
  from: number,
): Statement {
  // Found one by one: a planner that knows nothing of the room yet would compare each with all.
  return sql`UPDATE waiting_room_places p SET ordinal = drawn.n - 1 + ${from}::bigint,
      lease_until = now() + make_interval(secs => ${LEASE_SECONDS.waiting})
    FROM unnest(${queueIds}::uuid[]) WITH ORDINALITY AS drawn (queue_id, n)
    CROSS JOIN LATERAL (
      SELECT ctid FROM waiting_room_places
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND queue_id = drawn.queue_id
      FOR UPDATE
    ) place
    WHERE p.ctid = place.ctid AND p.ordinal IS NULL`;
}

export function placeOf(row: Row): Place {
  return {
    queueId: row.queue_id as string,
    userId: row.user_id as string,
    status: row.status as PlaceStatus,
    joinedAt: row.joined_at as Date,
    ordinal: row.ordinal === null ? null : Number(row.ordinal),
    isEarly: row.is_early as boolean,
  };
}

/**
 * Those who wait, page by page in the order of their ids; `after` is the last of the page before. Ids
 * tell the time: none of a room is older than the room, give or take a day between clocks.
 */
export function waitingPlacesReading(
  { tenantId, eventId }: RoomKey,
  after: Uuid,
  limit: number,
): Statement {
  return sql`SELECT queue_id, user_id, ordinal FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND status = 'waiting'
      AND queue_id > greatest(${after}::uuid, (
        SELECT rpad(lpad(to_hex(
          floor(extract(epoch FROM created_at - interval '1 day') * 1000)::bigint), 12, '0'),
          32, '0')::uuid
        FROM waiting_rooms WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid))
    ORDER BY queue_id LIMIT ${limit}::integer`;
}

/** How many wait, and how many of them in an order that is drawn. */
export function waitingCountReading({ tenantId, eventId }: RoomKey): Statement {
  return sql`SELECT count(*)::integer AS waiting, count(ordinal)::integer AS ordered
    FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND status = 'waiting'`;
}
