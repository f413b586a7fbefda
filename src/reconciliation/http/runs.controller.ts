import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/api-docs.js';
import { StartRun } from '../commands/start-run.js';
import { GetRun } from '../queries/get-run.js';
import { ListRuns } from '../queries/list-runs.js';
import { ListRunsDto, RunParams, toRunPage } from './runs.dto.js';
import { RunReportView, runReportView, RunsView, runsView, RunView, runView } from './runs.view.js';

@ApiTags('Administration')
@Roles('admin')
@Controller('admin/reconciliation/runs')
export class ReconciliationRunsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Hold the provider’s account against the books now',
    description: 'The run goes on by itself. While one is under way it is answered instead.',
  })
  @ApiCreatedResponse({ type: RunView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'CONFLICT', 'DATABASE_UNAVAILABLE')
  async start(@CurrentPrincipal() principal: Principal): Promise<RunView | Refusal> {
    const run = await this.commands.execute(new StartRun(principal.tenantId, { principal }));
    return run ? runView(run) : refuse('CONFLICT', 'A run has just ended: ask again');
  }

  @Get()
  @ApiOperation({ summary: 'The runs, what each did and whether the two sides agreed' })
  @ApiOkResponse({ type: RunsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListRunsDto,
  ): Promise<RunsView> {
    return runsView(await this.queries.execute(new ListRuns(tenantId, toRunPage(query))));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run with every difference that was open when it ended' })
  @ApiOkResponse({ type: RunReportView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async one(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: RunParams,
  ): Promise<RunReportView | Refusal> {
    return runReportView(await this.queries.execute(new GetRun(tenantId, id)));
  }
}
