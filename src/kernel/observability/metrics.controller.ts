import { Controller, Get, Inject, NotFoundException, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../auth/access.js';
import { CONFIG, type Config } from '../config/index.js';
import { ApiErrors } from '../http/api-docs.js';
import { registry } from './metrics.js';

const EXAMPLE = `# TYPE payments_total counter
payments_total{status="completed"} 42`;

@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @Roles('platform_admin')
  @ApiOperation({ summary: 'Metrics in the Prometheus text format' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: EXAMPLE } })
  @ApiErrors('FORBIDDEN', 'NOT_FOUND')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    if (!this.config.metrics.enabled) throw new NotFoundException();
    await reply.type(registry.contentType).send(await registry.metrics());
  }
}
