import { Redis } from 'ioredis';
import { hasRedis, startRedis } from '../support/redis.js';
import { alone } from './alone.js';
import type { QueueLine } from './report.js';
import type { Stage } from './stage.js';
import { measurePostgresQueue, measureRedisQueue } from './waiting-room.js';

/**
 * Lets `queued` people join a waiting room and ask where they stand, in each of its two forms, without
 * HTTP. Without a redis-server its part is left out; with `REQUIRE_REDIS=1` that is an error.
 */
export function measureQueues(stage: Stage, queued: number): Promise<QueueLine> {
  return alone(stage, 'queues', async (database) => {
    const postgres = await measurePostgresQueue(database, queued);
    const redis = hasRedis('the waiting room in Redis')
      ? await measureRedisQueue(database, await openRedis(stage), queued)
      : null;
    return { scenario: 'waiting-room', queued, postgres, redis };
  });
}

async function openRedis({ belongings }: Stage): Promise<Redis> {
  const server = await belongings.add(startRedis(), (running) => running.close());
  return belongings.add(new Redis(server.url), (open) => {
    open.disconnect();
  });
}
