import { Redis } from 'ioredis';
import type { RoomKey } from '../../src/waiting-room/domain/room.js';
import { RedisQueue } from '../../src/waiting-room/infra/redis/redis-queue.js';
import { openDatabase, type TestDatabase } from '../integration/venues-world.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { WaitingRooms } from '../support/waiting-room-world.js';
import { describeWaitingQueue, type QueueUnderTest } from './waiting-queue.js';

// Without Postgres behind it: what is answered here, Redis has answered.
describeWithRedis('the queue on Redis', () => {
  let store: TestDatabase;
  let redis: TestRedis;
  let connection: Redis;
  let subject: QueueUnderTest;
  let queue: RedisQueue;
  const key = ({ tenantId, eventId }: RoomKey, what: string) =>
    `waiting-room:{${tenantId}:${eventId}}:${what}`;

  beforeAll(async () => {
    [store, redis] = await Promise.all([openDatabase(), startRedis()]);
    connection = new Redis(redis.url);
    queue = new RedisQueue(connection, store.database);
    subject = {
      world: new WaitingRooms(store.database, queue),
      settle: (room) => queue.fill(room),
      silence: async (room, userId) => {
        await redis.client.zadd(key(room, 'leases'), 'XX', 1, userId);
      },
    };
  });

  afterAll(async () => {
    connection.disconnect();
    await Promise.all([store.close(), redis.close()]);
  });

  describeWaitingQueue(() => subject);

  const kept = async () => {
    const room = await subject.world.opened();
    await queue.fill(room);
    return { room, users: await subject.world.joined(room, 3) };
  };

  it('knows who is gone even if it was told while it had lost the room', async () => {
    const { room, users } = await kept();
    const [user = ''] = users;
    const place = { userId: user, queueId: (await queue.stand(room, user))?.queueId ?? '' };
    await redis.client.del(key(room, 'state'));
    await expect(queue.remove(room, [place])).rejects.toThrow('not kept');
    // Postgres still says that they wait: what is told is newer than what is read.
    await queue.fill(room);
    expect(await queue.stand(room, user)).toBeUndefined();
    await queue.enter(room, [{ ...place, ordinal: 7 }]);
    expect(await queue.stand(room, user)).toBeUndefined();
  });

  it('forgets a room that nobody looks after', async () => {
    const { room, users } = await kept();
    const [userId = ''] = users;
    const lives = () =>
      Promise.all(
        ['state', 'line', 'ids', 'leases'].map((what) => redis.client.pttl(key(room, what))),
      );
    expect(Math.min(...(await lives()))).toBeGreaterThan(0);
    for (const what of ['line', 'ids', 'leases']) await redis.client.persist(key(room, what));
    await queue.silent(room, 1);
    const [state = 0, ...rest] = await lives();
    expect(Math.min(...rest)).toBeGreaterThan(state);
    await queue.remove(room, [{ userId, queueId: 'some place of theirs' }]);
    expect(await redis.client.pttl(key(room, 'gone'))).toBeGreaterThan(0);
  });

  it('that has lost the order alone is read again after two looks', async () => {
    const { room, users } = await kept();
    await redis.client.del(key(room, 'line'), key(room, 'leases'));
    expect((await queue.stand(room, users[0] ?? ''))?.ahead).toBeNull();
    await queue.check(room);
    await queue.check(room);
    expect((await queue.stand(room, users[2] ?? ''))?.ahead).toBe(2);
  });
});
