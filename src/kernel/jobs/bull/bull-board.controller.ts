import { All, Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../../auth/access.js';
import { AppError } from '../../errors.js';
import { BOARD_PATH, QueueBoard } from '../board/queue-board.js';
import { sendFile } from '../board/send-file.js';

/**
 * Everything below the board's page. Every method comes here, so that the guard sees it; none but
 * reads goes any further.
 */
@ApiExcludeController()
@Roles('platform_admin')
@Controller(BOARD_PATH)
export class BullBoardController {
  constructor(private readonly board: QueueBoard) {}

  @All('*')
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply.header('allow', 'GET, HEAD');
      throw new AppError('METHOD_NOT_ALLOWED', 'The queues can be looked at, not changed');
    }
    const file = await this.board.get(request.url);
    if (!file) {
      throw new AppError('SERVICE_UNAVAILABLE', 'Redis is away', { retryAfterSeconds: 5 });
    }
    await sendFile(reply, file);
  }
}
