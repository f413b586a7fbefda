import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../auth/access.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Answer } from '../../http/answer.js';
import { NotRateLimited } from '../../http/rate-limits/rate-limit.js';
import { HealthReport } from './health-report.js';
import { HealthView, InfoView, LivenessView, ReadinessView } from './health.view.js';
import { SERVICE_NAME, ServiceInfo } from './service-info.js';

const WORDS: Readonly<Record<string, string>> = {
  ok: 'healthy',
  up: 'healthy',
  degraded: 'degraded',
};
const word = (status: string) => WORDS[status] ?? 'unhealthy';

@ApiTags('Health')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly report: HealthReport,
    private readonly info: ServiceInfo,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('health')
  @NotRateLimited()
  @ApiOperation({ summary: 'Is the service healthy, and its components?' })
  @ApiOkResponse({ type: HealthView })
  @ApiResponse({ status: 503, type: HealthView, description: 'A component it needs is away' })
  async health(): Promise<Answer> {
    const { status, details } = await this.report.take();
    const components = Object.fromEntries(
      Object.entries(details).map(([name, detail]) => [name, word(detail.status)]),
    );
    const view: HealthView = {
      status: word(status),
      service: SERVICE_NAME,
      timestamp: new Date().toISOString(),
      components: {
        redis: 'not_configured',
        ...components,
        processor: this.info.processors()[0] ?? null,
      },
    };
    return Answer.of(statusCode(status), view);
  }

  @Get('health/live')
  @NotRateLimited()
  @ApiOperation({ summary: 'Is the process alive?' })
  @ApiOkResponse({ type: LivenessView })
  live(): LivenessView {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @NotRateLimited()
  @ApiOperation({
    summary: 'May traffic come? Migrations applied, role bound by row-level security',
  })
  @ApiOkResponse({ type: ReadinessView })
  @ApiResponse({ status: 503, type: ReadinessView, description: 'Not now' })
  async ready(): Promise<Answer> {
    const { status, details } = await this.report.take();
    return Answer.of(statusCode(status), { status, details });
  }

  @Get('health/db')
  @NotRateLimited()
  @ApiOperation({ summary: 'Is the database there?' })
  @ApiOkResponse({ type: ReadinessView })
  @ApiResponse({ status: 503, type: ReadinessView, description: 'The database is away' })
  async db(): Promise<Answer> {
    const { details } = await this.report.take();
    const { database } = details;
    const status = database?.status === 'up' ? 'ok' : 'error';
    return Answer.of(statusCode(status), { status, details: { database } });
  }

  @Get('info')
  @NotRateLimited()
  @ApiOperation({ summary: 'What this service is and what is configured' })
  @ApiOkResponse({ type: InfoView })
  describe(): InfoView {
    return this.info.describe(this.config.http.port);
  }
}

/** Degraded is not down: traffic may come. */
function statusCode(status: string): number {
  return status === 'ok' || status === 'degraded' ? 200 : 503;
}
