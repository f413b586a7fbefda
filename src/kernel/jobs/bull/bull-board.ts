import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../errors.js';
import { BOARD_PATH, type BoardFile, QueueBoard } from '../board/queue-board.js';
import { BullQueues } from './bull-pool.js';
import { RedisConnections } from './redis-connections.js';
import { within } from './within.js';

const PATIENCE_MS = 3_000;

/** Fonts of another host: the policy refuses them, and nobody needs them. */
const FOREIGN = /<link\b[^>]*\bhref="https?:[^>]*>/g;

/**
 * bull-board, read only. It lives in a server of its own that listens nowhere: requests reach it
 * through the application's guard, policy and error answers, or not at all. Loaded when somebody
 * looks for the first time.
 */
@Injectable()
export class BullBoard extends QueueBoard implements OnApplicationShutdown {
  private readonly log = new Logger(BullBoard.name);
  private server: Promise<FastifyInstance> | undefined;

  constructor(
    private readonly queues: BullQueues,
    private readonly redis: RedisConnections,
  ) {
    super();
  }

  async get(url: string): Promise<BoardFile | undefined> {
    if (!this.redis.isUp) return undefined;
    this.server ??= this.open().catch((error: unknown) => {
      this.server = undefined;
      throw error;
    });
    const server = await this.server;
    const answered = await within(PATIENCE_MS, server.inject({ method: 'GET', url }), undefined);
    if (!answered) return undefined;
    const { statusCode, headers, rawPayload } = answered;
    if (statusCode >= 500) {
      this.log.warn(`bull-board answers ${statusCode} to ${url.split('?', 1)[0]}`);
      return undefined;
    }
    if (statusCode !== 200) throw new AppError('NOT_FOUND', 'The board has nothing of that name');
    const type = String(headers['content-type']);
    const body = type.startsWith('text/html')
      ? Buffer.from(rawPayload.toString('utf8').replaceAll(FOREIGN, ''))
      : rawPayload;
    return { type, body, isLasting: url.startsWith(`${BOARD_PATH}/static/`) };
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.server?.catch(() => undefined))?.close();
  }

  private async open(): Promise<FastifyInstance> {
    const { serveBoard } = await import('./board-server.js');
    return serveBoard(this.queues);
  }
}
