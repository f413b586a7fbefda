import { setTimeout as sleep } from 'node:timers/promises';
import { queueOnRedis } from '../../src/waiting-room/infra/redis/queue-on-redis.js';
import type { SturdyQueue } from '../../src/waiting-room/infra/redis/sturdy-queue.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { eventually } from '../support/shop.js';
import { WaitingRooms } from '../support/waiting-room-world.js';
import { openDatabase, type TestDatabase } from './venues-world.js';

jest.setTimeout(60_000);

describeWithRedis('row 19: a waiting room whose Redis', () => {
  let store: TestDatabase;
  let redis: TestRedis;
  let queue: SturdyQueue;
  let world: WaitingRooms;

  beforeAll(async () => {
    [store, redis] = await Promise.all([openDatabase(), startRedis()]);
    queue = queueOnRedis(redis.url, store.database);
    world = new WaitingRooms(store.database, queue);
  });
  afterAll(async () => {
    queue.onApplicationShutdown();
    await Promise.all([store.close(), redis.close()]);
  });

  type Key = Awaited<ReturnType<WaitingRooms['opened']>>;
  const lineOf = ({ tenantId, eventId }: Key) => `waiting-room:{${tenantId}:${eventId}}:line`;
  const order = (room: Key, users: readonly string[]) =>
    Promise.all(users.map(async (user) => (await queue.stand(room, user))?.ahead));
  const ranks = (count: number) => Array.from({ length: count }, (_, n) => n);

  /** Redis holds the room whole: asking is what makes it look. */
  const rebuilt = (room: Key, user: string, count: number) =>
    eventually(async () => {
      await queue.stand(room, user);
      return (await redis.client.zcard(lineOf(room)).catch(() => 0)) === count;
    }, 'the room in Redis');

  it('is flushed again and again while people join keeps their order, and is filled again', async () => {
    const room = await world.opened();
    const users: string[] = [];
    for (let round = 0; round < 5; round++) {
      users.push(...(await world.joined(room, 100)));
      await redis.client.flushall();
    }
    await sleep(1_100);
    expect(await order(room, users)).toEqual(ranks(500));
    await rebuilt(room, users[0] ?? '', 500);
    expect(await redis.client.zrange(lineOf(room), 0, -1)).toEqual(users);
    expect(await order(room, users)).toEqual(ranks(500));
  });

  it('is stopped and started goes on from Postgres, and then in Redis', async () => {
    const room = await world.opened({ capacity: 3 });
    const users = await world.joined(room, 10);
    await redis.stop();
    users.push(...(await world.joined(room, 5)));
    expect(await world.admissions.admit(room)).toBe(3);
    await sleep(1_100);
    const expected = [undefined, undefined, undefined, ...ranks(12)];
    expect(await order(room, users)).toEqual(expected);
    await redis.start();
    await rebuilt(room, users[4] ?? '', 12);
    expect(await order(room, users)).toEqual(expected);
  });

  it('is silent is waited for once, and nobody is given up meanwhile', async () => {
    const room = await world.opened();
    const users = await world.joined(room, 5);
    redis.freeze();
    try {
      expect(await queue.silent(room, 10)).toEqual([]);
      expect(await order(room, users)).toEqual(ranks(5));
      users.push(...(await world.joined(room, 1)));
    } finally {
      redis.thaw();
    }
    await rebuilt(room, users[0] ?? '', 6);
    expect(await order(room, users)).toEqual(ranks(6));
  });

  it('holds somebody who is no longer there is read again after two looks', async () => {
    const room = await world.opened();
    const users = await world.joined(room, 3);
    await rebuilt(room, users[0] ?? '', 3);
    const ids = lineOf(room).replace(/line$/, 'ids');
    await redis.client.hset(ids, 'ghost', 'nowhere');
    await queue.check(room);
    await queue.check(room);
    await eventually(async () => (await redis.client.hexists(ids, 'ghost')) === 0);
    await rebuilt(room, users[0] ?? '', 3);
  });
});
