import { newId, type Uuid } from '../../src/kernel/ids.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { drawnOrder } from '../../src/waiting-room/domain/draw.js';
import type { RoomKey } from '../../src/waiting-room/domain/room.js';
import {
  holdPlace,
  insertPlaces,
  leavePlace,
  type Place,
  placeOf,
} from '../../src/waiting-room/infra/place-rows.js';
import { shareRoom } from '../../src/waiting-room/infra/room-rows.js';
import { SEED, type WaitingRooms } from '../support/waiting-room-world.js';

/** An implementation of the queue under test. */
export interface QueueUnderTest {
  readonly world: WaitingRooms;
  /** Makes what the queue answers as new as it can be. */
  settle(room: RoomKey): Promise<void>;
  /** What the queue itself keeps of a lease is over. */
  silence?(room: RoomKey, userId: Uuid): Promise<void>;
}

/** What every implementation of `WaitingQueue` does; each runs it against the real thing. */
export function describeWaitingQueue(subject: () => QueueUnderTest): void {
  const open = async (): Promise<RoomKey> => {
    const room = await subject().world.opened();
    await subject().settle(room);
    return room;
  };
  const join = (room: RoomKey, count: number) => subject().world.joined(room, count);
  const stand = (room: RoomKey, user: Uuid = '') => subject().world.queue.stand(room, user);
  const aheadOf = async (room: RoomKey, users: readonly Uuid[]) => {
    await subject().settle(room);
    const standings = await Promise.all(users.map((user) => stand(room, user)));
    return standings.map((standing) => standing?.ahead);
  };
  const lease = (room: RoomKey, userId: Uuid, seconds: number) =>
    subject().world.database.transact(room.tenantId, [
      sql`UPDATE waiting_room_places SET lease_until = now() + make_interval(secs => ${seconds})
        WHERE tenant_id = ${room.tenantId} AND event_id = ${room.eventId}
          AND user_id = ${userId}`,
    ]);
  /** As if nothing had been heard of a user for longer than a lease. */
  const silence = async (room: RoomKey, userId: Uuid) => {
    await lease(room, userId, -1);
    await subject().silence?.(room, userId);
  };
  const silent = async (room: RoomKey) =>
    (await subject().world.queue.silent(room, 10)).map(({ userId }) => userId);
  /** Stores a place, of which the queue is not told yet. */
  const store = async (room: RoomKey, userId: Uuid): Promise<Place> => {
    const [, made] = await subject().world.database.transact(room.tenantId, [
      shareRoom(room),
      insertPlaces(room, [{ userId, queueId: newId() }]),
    ]);
    return placeOf(made?.rows[0] ?? {});
  };
  /** Gives up a place, of which the queue is not told yet. */
  const leave = async (room: RoomKey, userId: Uuid): Promise<Place> => {
    const results = await subject().world.database.transact(room.tenantId, [
      shareRoom(room),
      ...holdPlace(room, userId),
      leavePlace(room, userId),
    ]);
    return placeOf(results.at(-1)?.rows[0] ?? {});
  };
  const ranks = (count: number) => Array.from({ length: count }, (_, n) => n);

  it('serves in the order of arrival, and counts all who wait', async () => {
    const room = await open();
    const users = await join(room, 30);
    expect(await aheadOf(room, users)).toEqual(ranks(30));
    expect((await stand(room, users[3]))?.waiting).toBe(30);
  });

  it('knows the place of everybody in a queue longer than a block of ranks', async () => {
    const room = await open();
    const users = await join(room, 2_600);
    const some = [0, 1_023, 1_024, 1_025, 2_047, 2_048, 2_599];
    expect(
      await aheadOf(
        room,
        some.map((n) => users[n] ?? ''),
      ),
    ).toEqual(some);
  });

  it('gives somebody who joins again, and at the same time, the same place', async () => {
    const room = await open();
    const [user = ''] = await join(room, 1);
    const { joins } = subject().world;
    const places = await Promise.all([1, 2, 3].map(() => joins.join(room, user)));
    expect(new Set(places.map((place) => place?.queueId))).toEqual(
      new Set([(await stand(room, user))?.queueId]),
    );
  });

  it('does not know who never joined, nor who joined elsewhere', async () => {
    const [room, elsewhere] = [await open(), await open()];
    const foreign = { ...elsewhere, tenantId: room.tenantId };
    await subject().settle(foreign);
    const [user] = await join(elsewhere, 1);
    expect(await stand(room, user)).toBeUndefined();
    expect(await stand(room, newId())).toBeUndefined();
    expect(await stand(foreign, user)).toBeUndefined();
  });

  it('moves everybody up behind who leaves, and takes them back at the end', async () => {
    const room = await open();
    const users = await join(room, 5);
    const [, leaver = ''] = users;
    const { queue, joins } = subject().world;
    await queue.remove(room, [await leave(room, leaver)]);
    expect(await aheadOf(room, users)).toEqual([0, undefined, 1, 2, 3]);
    await joins.join(room, leaver);
    expect(await aheadOf(room, users)).toEqual([0, 4, 1, 2, 3]);
  });

  it('does not take back who was admitted before it was told that they came', async () => {
    const { world } = subject();
    const room = await world.opened({ capacity: 1 });
    await subject().settle(room);
    const userId = newId();
    const place = await store(room, userId);
    expect(await world.admissions.admit(room)).toBe(1);
    await world.queue.enter(room, [place]);
    expect(await stand(room, userId)).toBeUndefined();
  });

  it('keeps the place of who came back before it was told that they left', async () => {
    const room = await open();
    const [user = '', other = ''] = await join(room, 2);
    const { queue, joins } = subject().world;
    const left = await leave(room, user);
    await joins.join(room, user);
    await queue.remove(room, [left]);
    expect(await aheadOf(room, [other, user])).toEqual([0, 1]);
    await silence(room, user);
    expect(await silent(room)).toEqual([user]);
  });

  it('numbers who comes at the same time in the order of their arrival', async () => {
    const room = await open();
    const users = [newId(), newId(), newId()].toReversed();
    await Promise.all(users.map((user) => subject().world.joins.join(room, user)));
    expect(await aheadOf(room, users)).toEqual([0, 1, 2]);
  });

  it('admits from the front', async () => {
    const { world } = subject();
    const room = await world.opened({ capacity: 2 });
    await subject().settle(room);
    const users = await join(room, 5);
    expect(await world.admissions.admit(room)).toBe(2);
    expect(await aheadOf(room, users)).toEqual([undefined, undefined, 0, 1, 2]);
  });

  it('gives no position before the draw, and the drawn one afterwards', async () => {
    const { world } = subject();
    const room = await world.scheduled();
    await subject().settle(room);
    const users = await join(room, 40);
    const places = await Promise.all(users.map((user) => world.joins.join(room, user)));
    expect(new Set(await aheadOf(room, users))).toEqual(new Set([null]));
    expect((await stand(room, users[0]))?.waiting).toBe(40);
    await world.open(room);
    const order = drawnOrder(
      SEED,
      places.map((place) => place?.queueId ?? ''),
    );
    const expected = places.map((place) => order.indexOf(place?.queueId ?? ''));
    expect(await aheadOf(room, users)).toEqual(expected);
  });

  it('puts who joins after the draw behind all who were drawn', async () => {
    const { world } = subject();
    const room = await world.scheduled();
    await subject().settle(room);
    await join(room, 10);
    await world.open(room);
    expect(await aheadOf(room, await join(room, 3))).toEqual([10, 11, 12]);
  });

  it('finds who fell silent, unless they ask again', async () => {
    const room = await open();
    const [quiet = '', back = '', present = ''] = await join(room, 3);
    await silence(room, quiet);
    await silence(room, back);
    expect((await silent(room)).toSorted()).toEqual([quiet, back].toSorted());
    await stand(room, back);
    await stand(room, present);
    expect(await silent(room)).toEqual([quiet]);
  });

  it('loses who is given up', async () => {
    const room = await open();
    const [quiet = '', present = ''] = await join(room, 2);
    await silence(room, quiet);
    await subject().world.admissions.giveUp(room);
    expect(await aheadOf(room, [quiet, present])).toEqual([undefined, 0]);
  });

  it('keeps who was heard of where it could not hear', async () => {
    const room = await open();
    const [user = '', other = ''] = await join(room, 2);
    await silence(room, user);
    const { queue, admissions } = subject().world;
    const found = await queue.silent(room, 10);
    expect(found.map(({ userId }) => userId)).toEqual([user]);
    await lease(room, user, 60);
    const asked = jest.spyOn(queue, 'silent').mockResolvedValueOnce(found);
    await admissions.giveUp(room);
    asked.mockRestore();
    expect(await aheadOf(room, [user, other])).toEqual([0, 1]);
    expect(await silent(room)).toEqual([]);
  });

  it('expects nobody to be heard of before the draw', async () => {
    const { world } = subject();
    const room = await world.scheduled();
    await subject().settle(room);
    const [user = ''] = await join(room, 1);
    await silence(room, user);
    expect(await silent(room)).toEqual([]);
  });

  it('keeps what it is told of when the order is read again', async () => {
    const room = await open();
    const users = await join(room, 20);
    await subject().world.queue.reread(room);
    expect(await aheadOf(room, users)).toEqual(ranks(20));
  });
}
