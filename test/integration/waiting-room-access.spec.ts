import { createHmac } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { isRefusal } from '../../src/kernel/errors.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import type { RoomKey } from '../../src/waiting-room/domain/room.js';
import {
  type HeldAccess,
  renewAccess,
  accessOf,
} from '../../src/waiting-room/infra/access-rows.js';
import { PostgresQueue } from '../../src/waiting-room/infra/postgres-queue.js';
import {
  type AccessGrant,
  accessRefusal,
  AccessTokens,
  consumeAccess,
  releaseAccess,
  reserveAccess,
} from '../../src/waiting-room/waiting-room.contract.js';
import { WaitingRooms } from '../support/waiting-room-world.js';
import { openDatabase, type TestDatabase } from './venues-world.js';

const SECRET = 'a-secret-of-the-queue';
const tokens = new AccessTokens({ queueToken: { secrets: [SECRET, 'an-older-secret-of-it'] } });
const keyFrom = (secret: string) => createHmac('sha256', secret).update('queue').digest();

let store: TestDatabase;
let world: WaitingRooms;

beforeAll(async () => {
  store = await openDatabase();
  world = new WaitingRooms(store.database, new PostgresQueue(store.database));
});
afterAll(() => store.close());

interface Admitted {
  readonly room: RoomKey;
  readonly userId: Uuid;
  readonly access: HeldAccess;
}

async function admitted(): Promise<Admitted> {
  const room = await world.opened();
  const [userId = ''] = await world.joined(room, 1);
  await world.admissions.admit(room);
  const [found] = await store.database.transact(room.tenantId, [renewAccess(room, userId)]);
  return { room, userId, access: accessOf(found?.rows[0] ?? {}) };
}

const run = (
  { tenantId }: RoomKey,
  ...statements: Parameters<TestDatabase['database']['transact']>[1]
) => store.database.transact(tenantId, statements);

/** The code with which a transaction was refused, `ok` if it was not. */
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return accessRefusal(error)?.refused ?? String(error);
  }
}

const reserve = ({ room }: Admitted, grant: AccessGrant, paymentId: Uuid) =>
  outcome(run(room, reserveAccess(room.tenantId, grant, paymentId)));

async function statusOf({ room, access }: Admitted): Promise<unknown> {
  const [, found] = await run(
    room,
    sql`SELECT 1`,
    sql`SELECT a.status, p.status AS place FROM waiting_room_access a
      JOIN waiting_room_places p USING (tenant_id, queue_id)
      WHERE a.tenant_id = ${room.tenantId} AND a.jti = ${access.jti}`,
  );
  return found?.rows[0];
}

describe('row 30: an access token', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const room = { tenantId: newId(), eventId: newId() };
  const access = {
    jti: newId(),
    queueId: newId(),
    userId: newId(),
    expiresAt: new Date('2026-11-21T12:10:00Z'),
  };
  const wanted = { ...room, userId: access.userId };
  const claims = {
    tenant_id: room.tenantId,
    event_id: room.eventId,
    queue_id: access.queueId,
    scope: 'purchase',
  };
  const jwt = (over: object = {}, header: object = {}) =>
    new SignJWT({ ...claims, ...over })
      .setProtectedHeader({ alg: 'HS256', typ: 'queue+jwt', ...header })
      .setIssuer('waiting-room')
      .setAudience('purchase')
      .setSubject(access.userId)
      .setJti(access.jti)
      .setExpirationTime(access.expiresAt);

  it('grants what it was given for, until it expires', async () => {
    const token = await tokens.sign(room, access);
    expect(await tokens.verify(token, wanted, now)).toEqual({ jti: access.jti });
    const late = await tokens.verify(token, wanted, access.expiresAt);
    expect(late).toMatchObject({ refused: 'INVALID_ACCESS_TOKEN' });
  });

  it('is signed the same way for the same access', async () => {
    expect(await tokens.sign(room, access)).toBe(await tokens.sign(room, access));
  });

  it('of a secret that is being replaced is good', async () => {
    const token = await jwt().sign(keyFrom('an-older-secret-of-it'));
    expect(isRefusal(await tokens.verify(token, wanted, now))).toBe(false);
  });

  it.each([undefined, ''])('is demanded where there is none (%p)', async (token) => {
    expect(await tokens.verify(token, wanted, now)).toMatchObject({
      refused: 'QUEUE_TOKEN_REQUIRED',
    });
  });

  it.each([
    ['another user', { userId: newId() }],
    ['another event', { eventId: newId() }],
    ['another tenant', { tenantId: newId() }],
  ])('is nothing for %s', async (_, other) => {
    const token = await tokens.sign(room, access);
    expect(await tokens.verify(token, { ...wanted, ...other }, now)).toMatchObject({
      refused: 'INVALID_ACCESS_TOKEN',
    });
  });

  const forged: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['of the old kind', () => `access_${room.eventId}_${access.queueId}`],
    ['without a signature', () => new UnsecuredJWT({ ...claims, exp: 4e9 }).encode()],
    ['under the bare secret', () => jwt().sign(Buffer.from(SECRET))],
    ['under another secret', () => jwt().sign(keyFrom('somebody-elses-secret'))],
    ['for another scope', () => jwt({ scope: 'admin' }).sign(keyFrom(SECRET))],
    ['without a tenant', () => jwt({ tenant_id: undefined }).sign(keyFrom(SECRET))],
    ['with an id that is none', () => jwt({ queue_id: "' OR 1=1" }).sign(keyFrom(SECRET))],
    ['by HS512', () => jwt({}, { alg: 'HS512' }).sign(keyFrom(SECRET))],
    ['of another type', () => jwt({}, { typ: 'JWT' }).sign(keyFrom(SECRET))],
    ['with a path as its key', () => jwt({}, { kid: '../../dev/null' }).sign(Buffer.alloc(32))],
    ['of another issuer', () => jwt().setIssuer('identity').sign(keyFrom(SECRET))],
    ['that is endless', () => 'a'.repeat(3_000)],
    ['cut short', async () => (await tokens.sign(room, access)).slice(0, -2)],
  ];

  it.each(forged)('%s is refused', async (_, make) => {
    expect(await tokens.verify(await make(), wanted, now)).toMatchObject({
      refused: 'INVALID_ACCESS_TOKEN',
    });
  });
});

describe('row 30: an access', () => {
  it('is bound to one payment of many at the same time', async () => {
    const holder = await admitted();
    const payments = Array.from({ length: 20 }, () => newId());
    const outcomes = await Promise.all(payments.map((id) => reserve(holder, holder.access, id)));
    expect(outcomes.filter((o) => o === 'ok')).toHaveLength(1);
    expect(outcomes.filter((o) => o === 'INVALID_ACCESS_TOKEN')).toHaveLength(19);
  });

  it('is bound once to a payment that asks twice', async () => {
    const holder = await admitted();
    const paymentId = newId();
    expect(await reserve(holder, holder.access, paymentId)).toBe('ok');
    expect(await reserve(holder, holder.access, paymentId)).toBe('ok');
  });

  it('is spent when the payment is paid, and the queue knows', async () => {
    const holder = await admitted();
    const { tenantId } = holder.room;
    const paymentId = newId();
    await reserve(holder, holder.access, paymentId);
    await run(holder.room, consumeAccess(tenantId, paymentId));
    await run(holder.room, consumeAccess(tenantId, paymentId));
    expect(await statusOf(holder)).toEqual({ status: 'consumed', place: 'purchased' });
    expect(await reserve(holder, holder.access, paymentId)).toBe('INVALID_ACCESS_TOKEN');
    const [found] = await run(
      holder.room,
      sql`SELECT count(*)::integer AS n FROM waiting_room_activity
        WHERE tenant_id = ${tenantId} AND action = 'purchased'`,
    );
    expect(found?.rows[0]?.n).toBe(1);
  });

  it('may be used again after a definite decline', async () => {
    const holder = await admitted();
    const paymentId = newId();
    await reserve(holder, holder.access, paymentId);
    await run(holder.room, releaseAccess(holder.room.tenantId, paymentId));
    expect(await reserve(holder, holder.access, newId())).toBe('ok');
  });

  it('is kept while the outcome of a payment is unknown, however long that takes', async () => {
    const holder = await admitted();
    const { tenantId } = holder.room;
    await reserve(holder, holder.access, newId());
    await run(
      holder.room,
      sql`UPDATE waiting_room_access SET lease_until = now() - interval '1 hour',
          expires_at = now() - interval '1 hour' WHERE tenant_id = ${tenantId}`,
    );
    await world.admissions.admit(holder.room);
    expect(await statusOf(holder)).toEqual({ status: 'reserved', place: 'admitted' });
    expect(await reserve(holder, holder.access, newId())).toBe('INVALID_ACCESS_TOKEN');
  });

  it('is over when it has expired', async () => {
    const holder = await admitted();
    await run(
      holder.room,
      sql`UPDATE waiting_room_access SET expires_at = now() - interval '1 second'
        WHERE tenant_id = ${holder.room.tenantId}`,
    );
    expect(await reserve(holder, holder.access, newId())).toBe('INVALID_ACCESS_TOKEN');
  });

  it('of another tenant is not there', async () => {
    const holder = await admitted();
    const { access, userId } = holder;
    const other = { room: { ...holder.room, tenantId: newId() }, userId, access };
    expect(await reserve(other, access, newId())).toBe('INVALID_ACCESS_TOKEN');
  });

  it('means nothing to a payment without one', async () => {
    const holder = await admitted();
    const { tenantId } = holder.room;
    await run(holder.room, consumeAccess(tenantId, newId()), releaseAccess(tenantId, newId()));
    expect(await statusOf(holder)).toEqual({ status: 'issued', place: 'admitted' });
  });

  it('is no refusal of ours when something else went wrong', () => {
    expect(accessRefusal(new Error('x'))).toBeUndefined();
  });
});

describe('several processes that admit at once', () => {
  it('never let in more than there are slots, and in order', async () => {
    const room = await world.opened({ capacity: 40 });
    const users = await world.joined(room, 100);
    const processes = Array.from(
      { length: 4 },
      () => new WaitingRooms(store.database, new PostgresQueue(store.database)),
    );
    for (let round = 0; round < 5; round++) {
      await Promise.all(processes.map(({ admissions }) => admissions.admit(room)));
    }
    const [found] = await run(
      room,
      sql`SELECT user_id, status FROM waiting_room_access WHERE tenant_id = ${room.tenantId}`,
    );
    const holders = found?.rows.map(({ user_id }) => user_id as Uuid) ?? [];
    expect(holders.toSorted()).toEqual(users.slice(0, 40).toSorted());
  });
});
