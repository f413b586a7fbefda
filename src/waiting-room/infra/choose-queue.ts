import type { FactoryProvider } from '@nestjs/common';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { PostgresQueue } from './postgres-queue.js';
import { WaitingQueue } from './waiting-queue.js';

/** Postgres alone, or Redis before it where there is one. Nothing of Redis is loaded where there is none. */
export const WAITING_QUEUE: FactoryProvider<WaitingQueue> = {
  provide: WaitingQueue,
  inject: [CONFIG, Database],
  useFactory: async ({ redis }: Pick<Config, 'redis'>, database: Database) => {
    if (!redis) return new PostgresQueue(database);
    const { queueOnRedis } = await import('./redis/queue-on-redis.js');
    return queueOnRedis(redis.url, database);
  },
};
