import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../auth/index.js';
import type { Refusal } from '../../errors.js';
import { ApiCommonErrors, ApiErrors } from '../../http/api-docs.js';
import {
  DeadLetterParams,
  ListDeadLettersDto,
  RedriveDeadLettersDto,
  toDeadLetterFilter,
} from './dead-letters.dto.js';
import { DeadLettersView, deadLettersView, RedrivenView } from './dead-letters.view.js';
import { ListDeadLetters } from './list-dead-letters.js';
import { RedriveDeadLetter, RedriveDeadLetters } from './redrive-dead-letters.js';

@ApiTags('Administration')
@Roles('admin')
@Controller('admin/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Events that a subscriber has rejected for good, and why' })
  @ApiOkResponse({ type: DeadLettersView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListDeadLettersDto,
  ): Promise<DeadLettersView> {
    const asked = new ListDeadLetters(tenantId, toDeadLetterFilter(query));
    return deadLettersView(await this.queries.execute(asked));
  }

  @Post('redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send dead letters again, of one type or all, a thousand at once' })
  @ApiOkResponse({ type: RedrivenView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  redriveAll(
    @CurrentPrincipal() principal: Principal,
    @Body() { type }: RedriveDeadLettersDto,
  ): Promise<RedrivenView> {
    return this.commands.execute(new RedriveDeadLetters(principal, type));
  }

  @Post(':eventId/redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send one dead letter again to those who have not taken it' })
  @ApiOkResponse({ type: RedrivenView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  redrive(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: DeadLetterParams,
  ): Promise<RedrivenView | Refusal> {
    return this.commands.execute(new RedriveDeadLetter(principal, eventId));
  }
}
