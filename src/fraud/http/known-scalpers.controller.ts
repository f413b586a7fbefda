import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors, DEFAULT_PAGE, PageDto } from '../../kernel/http/index.js';
import { AddKnownScalper } from '../commands/add-known-scalper.js';
import { RemoveKnownScalper } from '../commands/remove-known-scalper.js';
import { ListKnownScalpers } from '../queries/list-known-scalpers.js';
import { FraudParams } from './fields.js';
import { AddKnownScalperDto, toScalperWish } from './known-scalpers.dto.js';
import {
  KnownScalpersView,
  knownScalpersView,
  KnownScalperView,
  knownScalperView,
} from './known-scalpers.view.js';

@ApiTags('Fraud')
@Controller('admin/fraud/known-scalpers')
export class KnownScalpersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Roles('admin', 'reviewer')
  @ApiOperation({ summary: 'Users and devices that are taken for scalpers' })
  @ApiOkResponse({ type: KnownScalpersView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() { limit = DEFAULT_PAGE, cursor }: PageDto,
  ): Promise<KnownScalpersView> {
    const asked = new ListKnownScalpers(tenantId, limit, cursor ?? null);
    return knownScalpersView(await this.queries.execute(asked));
  }

  @Post()
  @Roles('admin')
  @ApiOperation({ summary: 'Take a user or a device for a scalper’s' })
  @ApiCreatedResponse({ type: KnownScalperView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body() body: AddKnownScalperDto,
  ): Promise<KnownScalperView | Refusal> {
    const command = new AddKnownScalper(principal, toScalperWish(body));
    return knownScalperView(await this.commands.execute(command));
  }

  @Delete(':id')
  @Roles('admin')
  @ApiOperation({ summary: 'Take them for a scalper no more; answers what was known' })
  @ApiOkResponse({ type: KnownScalperView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: FraudParams,
  ): Promise<KnownScalperView | Refusal> {
    return knownScalperView(await this.commands.execute(new RemoveKnownScalper(principal, id)));
  }
}
