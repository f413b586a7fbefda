import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { GetDecision } from '../queries/get-decision.js';
import { ListDecisions } from '../queries/list-decisions.js';
import { ReplayDecision } from '../queries/replay-decision.js';
import { ListDecisionsDto, toDecisionFilter } from './decisions.dto.js';
import {
  decisionDetailsView,
  DecisionDetailsView,
  DecisionsView,
  decisionsView,
  ReplayView,
} from './decisions.view.js';
import { FraudParams } from './fields.js';

@ApiTags('Fraud')
@Roles('admin', 'reviewer')
@Controller('admin/fraud/decisions')
export class DecisionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'What was decided on purchases, and what became of them' })
  @ApiOkResponse({ type: DecisionsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListDecisionsDto,
  ): Promise<DecisionsView | Refusal> {
    const asked = new ListDecisions(tenantId, toDecisionFilter(query));
    return decisionsView(await this.queries.execute(asked));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A decision with all that it was made on' })
  @ApiOkResponse({ type: DecisionDetailsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async get(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: FraudParams,
  ): Promise<DecisionDetailsView | Refusal> {
    return decisionDetailsView(await this.queries.execute(new GetDecision(tenantId, id)));
  }

  @Post(':id/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Make a decision once more, by its own features and rules; changes nothing',
  })
  @ApiOkResponse({ type: ReplayView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  replay(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: FraudParams,
  ): Promise<ReplayView | Refusal> {
    return this.queries.execute(new ReplayDecision(tenantId, id));
  }
}
