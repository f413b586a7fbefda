import { BullModule, getQueueToken } from '@nestjs/bull';
import type { ModuleMetadata } from '@nestjs/common';
import type { Queue } from 'bull';
import { QueueBoard } from '../board/queue-board.js';
import { QUEUES } from '../queues.js';
import { WorkPool } from '../work-pool.js';
import { BullBoardController } from './bull-board.controller.js';
import { BullBoard } from './bull-board.js';
import { BullPool, BullQueues } from './bull-pool.js';
import { BullWorkers } from './bull-workers.js';
import type { QueueEntry } from './queue-entry.js';
import { RedisConnections } from './redis-connections.js';

/** The hash tag keeps every key of a queue, and so of its scripts, on one node of a cluster. */
const PREFIX = '{tickettoken}';

/** After a failed command, as after a flush, a worker goes on at once instead of after 5 s. */
const SETTINGS = { retryProcessDelay: 200, stalledInterval: 10_000 };

/** What the module of jobs is made of when there is a Redis. Begins to connect. */
export function bullParts(redisUrl: string) {
  const connections = new RedisConnections(redisUrl);
  return {
    imports: [
      BullModule.forRoot({
        prefix: PREFIX,
        settings: SETTINGS,
        createClient: (kind) => connections.for(kind),
      }),
      BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
    ],
    controllers: [BullBoardController],
    providers: [
      { provide: RedisConnections, useValue: connections },
      {
        provide: BullQueues,
        inject: QUEUES.map((name) => getQueueToken(name)),
        useFactory: (...queues: Queue<QueueEntry>[]) =>
          new BullQueues(queues.map((queue, i) => [QUEUES[i] ?? 'notifications', queue])),
      },
      { provide: WorkPool, useClass: BullPool },
      { provide: QueueBoard, useClass: BullBoard },
      BullWorkers,
    ],
  } satisfies ModuleMetadata;
}
