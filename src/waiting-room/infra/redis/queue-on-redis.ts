import type { Database } from '../../../kernel/postgres/database.js';
import { PostgresQueue } from '../postgres-queue.js';
import { connectToAsk } from './connect.js';
import { RedisQueue } from './redis-queue.js';
import { SturdyQueue } from './sturdy-queue.js';

/** The queues of this process: Redis while it is there, Postgres while not. Begins to connect. */
export function queueOnRedis(url: string, database: Database): SturdyQueue {
  const redis = connectToAsk(url);
  return new SturdyQueue(new RedisQueue(redis, database), new PostgresQueue(database), redis);
}
