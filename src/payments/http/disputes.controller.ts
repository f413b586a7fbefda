import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors, ApiIdempotent } from '../../kernel/http/index.js';
import type { RequestMeta } from '../commands/request-meta.js';
import { RespondToDispute } from '../commands/respond-to-dispute.js';
import { GetDispute } from '../queries/get-dispute.js';
import { ListDisputes } from '../queries/list-disputes.js';
import {
  DisputeEvidenceDto,
  ListDisputesDto,
  toDisputeFilter,
  toEvidence,
} from './disputes.dto.js';
import { DisputeDetailsView, DisputesView, RespondedDisputeView } from './disputes.view.js';
import { Meta } from './meta.js';
import { presentDispute } from './present-dispute.js';

const ApiDisputeId = () =>
  ApiParam({ name: 'disputeId', schema: { type: 'string', format: 'uuid' } });

@ApiTags('Disputes')
@Roles('venue_owner', 'venue_manager', 'admin')
@Controller('api/v1/disputes')
export class DisputesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Disputes and inquiries, the newest first' })
  @ApiOkResponse({ type: DisputesView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  list(@CurrentPrincipal() principal: Principal, @Query() query: ListDisputesDto) {
    return this.queries.execute(new ListDisputes(principal, toDisputeFilter(query)));
  }

  @Get(':disputeId')
  @ApiDisputeId()
  @ApiOperation({ summary: 'A dispute with its deadline, evidence, history and postings' })
  @ApiOkResponse({ type: DisputeDetailsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'DATABASE_UNAVAILABLE')
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('disputeId', ParseUUIDPipe) id: string,
  ) {
    return presentDispute(await this.queries.execute(new GetDispute(principal, id)));
  }

  @Post(':disputeId/evidence')
  @ApiDisputeId()
  @HttpCode(200)
  @ApiOperation({ summary: 'Draft the evidence, by default from our own log, or hand it in' })
  @ApiIdempotent()
  @ApiOkResponse({ type: RespondedDisputeView })
  @ApiResponse({
    status: 202,
    type: RespondedDisputeView,
    description: 'Whether the provider has it is not known yet; ask again with the same key',
  })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'DISPUTE_CLOSED', 'VALIDATION_ERROR')
  @ApiErrors('PROVIDER_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  evidence(
    @Param('disputeId', ParseUUIDPipe) id: string,
    @Body() body: DisputeEvidenceDto,
    @Meta() meta: RequestMeta,
  ) {
    const disputeId = id.toLowerCase();
    return this.commands.execute(
      new RespondToDispute(disputeId, body.submit, toEvidence(body), meta),
    );
  }
}
