import { Controller, Get, Headers, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../auth/access.js';
import { ApiCommonErrors, ApiErrors } from '../../http/api-docs.js';
import { ListQueues } from './list-queues.js';
import { BOARD_PATH, QueueBoard } from './queue-board.js';
import { queuesPage } from './queues-page.js';
import { QueuesView } from './queues.view.js';
import { sendFile } from './send-file.js';

@ApiTags('Administration')
@Roles('platform_admin')
@Controller(BOARD_PATH)
export class QueuesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly board: QueueBoard,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'How much work waits, by queue: JSON, or a page for who asks for text/html',
    description:
      'For the platform’s operators: it is all tenants’ work together, in numbers and ids. The page ' +
      'is bull-board while Redis is up, else a table of the same numbers.',
  })
  @ApiExtraModels(QueuesView)
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(QueuesView) } },
      'text/html': { schema: { type: 'string', example: '<!doctype html>…' } },
    },
  })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'DATABASE_UNAVAILABLE')
  async list(@Headers('accept') accept = '', @Res() reply: FastifyReply): Promise<void> {
    reply.headers({ vary: 'accept', 'cache-control': 'no-store' });
    if (!accept.includes('text/html')) {
      await reply.send(await this.queries.execute(new ListQueues()));
      return;
    }
    const file = await this.board.get(`${BOARD_PATH}/`);
    if (file) return sendFile(reply, file);
    const page = queuesPage(await this.queries.execute(new ListQueues()));
    await reply.type('text/html; charset=utf-8').send(page);
  }
}
