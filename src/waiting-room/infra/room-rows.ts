import type { Sealed } from '../../kernel/crypto/index.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Room, RoomKey, RoomStatus, RoomTerms } from '../domain/room.js';

type Row = Readonly<Record<string, unknown>>;

const lockName = ({ tenantId, eventId }: RoomKey) => `waiting room ${tenantId} ${eventId}`;

/**
 * Held to the end of the transaction by who joins or leaves. It must be a statement of its own, before
 * those that rely on it: they then see what whoever held it alone has written.
 */
export function shareRoom(key: RoomKey): Statement {
  return sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(${lockName(key)}, 0))`;
}

/** Held alone by who fixes who takes part in the draw. */
export function holdRoom(key: RoomKey): Statement {
  return sql`SELECT pg_advisory_xact_lock(hashtextextended(${lockName(key)}, 0))`;
}

/** Sets a room up, or changes its terms; its seed stays the first one. */
export function writeRoom(
  { tenantId, eventId }: RoomKey,
  { opensAt, capacity, ratePerMinute }: RoomTerms,
  seed: { readonly commitment: string; readonly sealed: Sealed },
): Statement {
  const { keyId, ciphertext } = seed.sealed;
  const commitment = Buffer.from(seed.commitment, 'hex');
  return sql`
    INSERT INTO waiting_rooms (tenant_id, event_id, opens_at, capacity, rate_per_minute,
      seed_commitment, seed_key_id, seed_ciphertext)
    VALUES (${tenantId}, ${eventId}, ${opensAt}, ${capacity}, ${ratePerMinute}, ${commitment},
      ${keyId}, ${ciphertext})
    ON CONFLICT (tenant_id, event_id) DO UPDATE SET opens_at = EXCLUDED.opens_at,
      capacity = EXCLUDED.capacity, rate_per_minute = EXCLUDED.rate_per_minute, updated_at = now()`;
}

export const OPENING_FIXED = 'waiting room has opened';

/**
 * Stops the transaction when the opening of a room would move that is no longer scheduled, or whose
 * time has come: who joined since then comes after the draw. Needs `holdRoom` before it.
 */
export function openingGuard({ tenantId, eventId }: RoomKey, opensAt: Date): Statement {
  return sql`SELECT guard(NOT EXISTS (SELECT FROM waiting_rooms WHERE tenant_id = ${tenantId}
    AND event_id = ${eventId} AND opens_at <> ${opensAt}::timestamptz
    AND (status <> 'scheduled' OR opens_at <= clock_timestamp())), ${OPENING_FIXED})`;
}

/** From here on who joins comes after the draw. `onlyDue`: unless it is not time yet. */
export function beginDraw({ tenantId, eventId }: RoomKey, onlyDue: boolean): Statement {
  return sql`UPDATE waiting_rooms SET status = 'drawing', updated_at = now()
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status = 'scheduled'
      AND (opens_at <= now() OR NOT ${onlyDue}::boolean)`;
}

/** The order is written: the seed is shown, and the first are let in. */
export function endDraw(
  { tenantId, eventId }: RoomKey,
  { seed, size, root }: { readonly seed: Buffer; readonly size: number; readonly root: Buffer },
): Statement {
  return sql`UPDATE waiting_rooms SET status = 'open', opened_at = now(), updated_at = now(),
      rate_spent_until = now() - interval '1 minute' / rate_per_minute,
      seed = ${seed}, draw_size = ${size}, draw_root = ${root}
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status = 'drawing'`;
}

export function closeRoom({ tenantId, eventId }: RoomKey): Statement {
  return sql`UPDATE waiting_rooms SET status = 'closed', updated_at = now()
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status IN ('scheduled', 'open')`;
}

/** A closed room goes on where it was: one that never opened takes part in a draw still. */
export function reopenRoom({ tenantId, eventId }: RoomKey): Statement {
  return sql`UPDATE waiting_rooms SET updated_at = now(),
      status = CASE WHEN opened_at IS NULL THEN 'scheduled' ELSE 'open' END
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND status = 'closed'`;
}

export function roomReading({ tenantId, eventId }: RoomKey): Statement {
  return sql`SELECT * FROM waiting_rooms
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid`;
}

/** What an administrator's entry in the audit log tells of a room; the seed is not in it. */
export function roomBefore({ tenantId, eventId }: RoomKey): Statement {
  return sql`SELECT (
      SELECT jsonb_build_object('status', status, 'opensAt', opens_at, 'capacity', capacity,
        'ratePerMinute', rate_per_minute)
      FROM waiting_rooms WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
    ) AS before`;
}

/**
 * For the worker: rooms in which there is something to do, or people begin to gather. In a closed one
 * that is to take back what was abandoned.
 */
export function busyRoomsReading(): Statement {
  return sql`SELECT tenant_id, event_id, status, opens_at <= now() AS is_due FROM waiting_rooms r
    WHERE status IN ('drawing', 'open')
      OR (status = 'scheduled' AND opens_at <= now() + interval '1 day')
      OR (status = 'closed' AND EXISTS (SELECT FROM waiting_room_access a
        WHERE a.tenant_id = r.tenant_id AND a.event_id = r.event_id AND a.status = 'issued'
          AND least(a.lease_until, a.expires_at) <= now()))`;
}

export function roomOf(row: Row): Room {
  const hex = (bytes: unknown) => (bytes as Buffer).toString('hex');
  return {
    tenantId: row.tenant_id as string,
    eventId: row.event_id as string,
    status: row.status as RoomStatus,
    opensAt: row.opens_at as Date,
    openedAt: row.opened_at as Date | null,
    capacity: row.capacity as number,
    ratePerMinute: row.rate_per_minute as number,
    seedCommitment: hex(row.seed_commitment),
    seed: row.seed === null ? null : hex(row.seed),
    draw:
      row.draw_root === null ? null : { size: row.draw_size as number, root: hex(row.draw_root) },
  };
}

/** The seed as it lies in the vault, and what it is bound to there. */
export function sealedSeed(row: Row): Sealed {
  return { keyId: row.seed_key_id as string, ciphertext: row.seed_ciphertext as Buffer };
}

export function seedContext({ tenantId, eventId }: RoomKey): string {
  return `waiting-room-seed:${tenantId}:${eventId}`;
}

export const IS_DRAWING = 'waiting room is being drawn';

/** Stops the transaction in the moment of the draw: it would go on in a room that is closed. */
export function closingGuard({ tenantId, eventId }: RoomKey): Statement {
  return sql`SELECT guard(NOT EXISTS (SELECT FROM waiting_rooms WHERE tenant_id = ${tenantId}
    AND event_id = ${eventId} AND status = 'drawing'), ${IS_DRAWING})`;
}
