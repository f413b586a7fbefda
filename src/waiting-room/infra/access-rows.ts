import { refuse, type Refusal } from '../../kernel/errors.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { AccessGrant } from '../domain/access-grant.js';
import { ACCESS_SECONDS, LEASE_SECONDS, type RoomKey } from '../domain/room.js';

type Row = Readonly<Record<string, unknown>>;

/** Most that one pass lets into one room; the next pass is a second later. */
const AT_ONCE = 500;

/** A token that a user holds. */
export interface HeldAccess extends AccessGrant {
  readonly queueId: Uuid;
  readonly userId: Uuid;
  readonly expiresAt: Date;
}

/**
 * Lets in whoever is next, as many as the room's rate and free slots allow, after taking back what was
 * abandoned; answers their tokens. Answers none while another process is at the same room.
 */
export function admitNext({ tenantId, eventId }: RoomKey): Statement {
  const tokens = Array.from({ length: AT_ONCE }, () => newId());
  return sql`SELECT * FROM admit_from_waiting_room(${tenantId}, ${eventId}, ${tokens}::uuid[],
    make_interval(secs => ${LEASE_SECONDS.admitted}), make_interval(secs => ${ACCESS_SECONDS}))`;
}

/** What a user holds; their lease begins anew. */
export function renewAccess({ tenantId, eventId }: RoomKey, userId: Uuid): Statement {
  return sql`UPDATE waiting_room_access
    SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS.admitted})
    WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND user_id = ${userId}
      AND (status = 'reserved' OR status = 'issued' AND expires_at > now())
    RETURNING *`;
}

/** Takes a token back, and the place with it, unless a payment is under way with it. */
export function revokeAccess({ tenantId, eventId }: RoomKey, queueId: Uuid): Statement {
  return sql`
    WITH revoked AS (
      UPDATE waiting_room_access SET status = 'revoked', updated_at = now()
      WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND queue_id = ${queueId}
        AND user_id = (SELECT user_id FROM waiting_room_places
          WHERE tenant_id = ${tenantId} AND event_id = ${eventId} AND queue_id = ${queueId})
        AND status = 'issued'
      RETURNING queue_id
    ), gone AS (
      UPDATE waiting_room_places p SET status = 'revoked', ended_at = now() FROM revoked
      WHERE p.tenant_id = ${tenantId} AND p.event_id = ${eventId}
        AND p.queue_id = revoked.queue_id AND p.status = 'admitted'
    )
    SELECT guard((SELECT count(*) = 1 FROM revoked), ${NOTHING_REVOKED})`;
}

export const NOTHING_REVOKED = 'waiting room access cannot be revoked';

/**
 * For a purchase's first transaction: binds the token to the payment. Stops the transaction
 * (`accessRefusal` tells) when it is spent, expired, revoked, or bound to another payment; the same
 * payment may ask twice.
 */
export function reserveAccess(tenantId: Uuid, { jti }: AccessGrant, paymentId: Uuid): Statement {
  return sql`SELECT reserve_waiting_room_access(${tenantId}, ${jti}, ${paymentId})`;
}

/**
 * For the transaction that records that a payment was paid, or that its money is held: its token is
 * spent, the place ends as purchased and the slot is free. Changes nothing for a payment without a token, nor when repeated.
 */
export function consumeAccess(tenantId: Uuid, paymentId: Uuid): Statement {
  return sql`
    WITH spent AS (
      UPDATE waiting_room_access SET status = 'consumed', updated_at = now()
      WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId} AND status <> 'consumed'
      RETURNING event_id, queue_id, user_id
    ), bought AS (
      UPDATE waiting_room_places p SET status = 'purchased', ended_at = now() FROM spent
      WHERE p.tenant_id = ${tenantId} AND p.event_id = spent.event_id
        AND p.queue_id = spent.queue_id
    )
    INSERT INTO waiting_room_activity (tenant_id, id, event_id, user_id, action, metadata)
    SELECT ${tenantId}::uuid, md5(queue_id || 'purchased')::uuid, event_id, user_id, 'purchased',
      jsonb_build_object('queueId', queue_id, 'paymentId', ${paymentId}::text)
    FROM spent ON CONFLICT DO NOTHING`;
}

/**
 * For the transaction that records that a payment was definitely declined, cancelled or has expired:
 * the token may be used again while it lives, unless the money had been held: then it stays spent. Not
 * to be called while the outcome is unknown. Changes nothing for a payment without a token, nor when
 * repeated.
 */
export function releaseAccess(tenantId: Uuid, paymentId: Uuid): Statement {
  return sql`UPDATE waiting_room_access SET status = 'issued', updated_at = now(),
      lease_until = now() + make_interval(secs => ${LEASE_SECONDS.admitted})
    WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId} AND status = 'reserved'`;
}

/** The refusal (`INVALID_ACCESS_TOKEN`) that a transaction with `reserveAccess` was stopped with, if it was. */
export function accessRefusal(error: unknown): Refusal | undefined {
  return failedWith(error, SQLSTATE.accessRefused) ? UNUSABLE : undefined;
}

const UNUSABLE = refuse(
  'INVALID_ACCESS_TOKEN',
  'The access token was used, has expired or was revoked. Join the waiting room again.',
);

export function accessOf(row: Row): HeldAccess {
  return {
    jti: row.jti as string,
    queueId: row.queue_id as string,
    userId: row.user_id as string,
    expiresAt: row.expires_at as Date,
  };
}
