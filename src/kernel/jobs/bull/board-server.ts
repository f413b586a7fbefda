import { createRequire } from 'node:module';
import path from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { fastify, type FastifyInstance } from 'fastify';
import { BOARD_PATH } from '../board/queue-board.js';
import type { BullQueues } from './bull-pool.js';
import type { QueueEntry } from './queue-entry.js';

/** bull-board over the queues, read only, without a word about tenants, in a server that does not listen. */
export async function serveBoard(queues: BullQueues): Promise<FastifyInstance> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: [...queues.values()].map((queue) => {
      const adapter = new BullAdapter(queue, { readOnlyMode: true, allowRetries: false });
      adapter.setFormatter('data', ({ source, id }: QueueEntry) => ({ source, id }));
      return adapter;
    }),
    serverAdapter,
    options: {
      // By itself it looks for its pages with `eval`, which a bundle does not survive.
      uiBasePath: path.dirname(
        createRequire(import.meta.url).resolve('@bull-board/ui/package.json'),
      ),
      uiConfig: { boardTitle: 'TicketToken queues', hideRedisDetails: true },
    },
  });
  const server = fastify();
  await server.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH });
  await server.ready();
  return server;
}
