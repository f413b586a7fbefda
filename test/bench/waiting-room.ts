import type { Redis } from 'ioredis';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import type { Database } from '../../src/kernel/postgres/database.js';
import { PostgresQueue } from '../../src/waiting-room/infra/postgres-queue.js';
import { RedisQueue } from '../../src/waiting-room/infra/redis/redis-queue.js';
import { WaitingRooms } from '../support/waiting-room-world.js';

/** Operations a second of a queue. */
export interface QueueSpeed {
  readonly joins: number;
  readonly positions: number;
}

/** Beside them, in the same run and through the same connection, bare commands by as many clients. */
export interface RedisQueueSpeed extends QueueSpeed {
  /** What a join leaves in Redis: HSET and two ZADD in one pipeline. */
  readonly rawJoins: number;
  /** What a position is read from: HGET, ZRANK and HLEN in one pipeline. */
  readonly rawPositions: number;
  /** One ZADD. */
  readonly zadds: number;
  /** One ZRANK. */
  readonly zranks: number;
}

const CLIENTS = 256;
const READS = 20_000;

/** As often as a worker looks after rooms, about: what nobody looks after is not believed. */
const VISIT_MS = 5_000;

/** `count` operations by clients that each wait for their answer; answers how many a second. */
async function perSecond(
  count: number,
  operation: (n: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const client = async () => {
    while (next < count) await operation(next++);
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return Math.round((count / (performance.now() - begun)) * 1_000);
}

const people = (count: number): readonly Uuid[] => Array.from({ length: count }, () => newId());

async function fill(
  world: WaitingRooms,
  count: number,
  kept: RedisQueue | undefined,
): Promise<QueueSpeed> {
  const room = await world.opened();
  await kept?.fill(room);
  const visits = kept && setInterval(() => void visit(), VISIT_MS);
  // A visit that fails is told by the next join or reading.
  const visit = () => kept?.silent(room, 1).catch(() => undefined);
  const users = people(count);
  const someone = () => users[Math.floor(Math.random() * count)] ?? '';
  try {
    const joins = await perSecond(count, (n) => world.joins.join(room, users[n] ?? ''));
    const positions = await perSecond(READS, () => world.queue.stand(room, someone()));
    return { joins, positions };
  } finally {
    clearInterval(visits);
  }
}

/** Joins are stored before they are told; positions are read at random while all are queued. */
export function measurePostgresQueue(database: Database, count: number): Promise<QueueSpeed> {
  return fill(new WaitingRooms(database, new PostgresQueue(database)), count, undefined);
}

/** The same in Redis mode, and the bare commands. */
export async function measureRedisQueue(
  database: Database,
  redis: Redis,
  count: number,
): Promise<RedisQueueSpeed> {
  const queue = new RedisQueue(redis, database);
  const speed = await fill(new WaitingRooms(database, queue), count, queue);
  return { ...speed, ...(await measureCommands(redis, people(count))) };
}

async function measureCommands(redis: Redis, users: readonly Uuid[]) {
  const [line, ids, leases, bare] = ['raw:line', 'raw:ids', 'raw:leases', 'raw:bare'];
  const user = (n: number) => users[(n * 7) % users.length] ?? '';
  const commands = {
    rawJoins: await perSecond(users.length, (n) => {
      const who = users[n] ?? '';
      return redis.pipeline().hset(ids, who, who).zadd(line, n, who).zadd(leases, n, who).exec();
    }),
    rawPositions: await perSecond(READS, (n) =>
      redis.pipeline().hget(ids, user(n)).zrank(line, user(n)).hlen(ids).exec(),
    ),
    zadds: await perSecond(users.length, (n) => redis.zadd(bare, n, users[n] ?? '')),
    zranks: await perSecond(READS, (n) => redis.zrank(bare, user(n))),
  };
  await redis.unlink(line, ids, leases, bare);
  return commands;
}
