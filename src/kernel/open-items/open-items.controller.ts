import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../auth/index.js';
import type { Refusal } from '../errors.js';
import { ApiCommonErrors, ApiErrors } from '../http/api-docs.js';
import { ListOpenItems } from './list-open-items.js';
import {
  ListOpenItemsDto,
  OpenItemParams,
  ResolveOpenItemDto,
  toOpenItemFilter,
} from './open-items.dto.js';
import { OpenItemsView, openItemsView, OpenItemView, openItemView } from './open-items.view.js';
import { ResolveOpenItem } from './resolve-open-item.js';

@ApiTags('Administration')
@Roles('admin')
@Controller('admin/open-items')
export class OpenItemsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What waits for a human, why, and how much money it puts at risk' })
  @ApiOkResponse({ type: OpenItemsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListOpenItemsDto,
  ): Promise<OpenItemsView> {
    const asked = new ListOpenItems(tenantId, toOpenItemFilter(query));
    return openItemsView(await this.queries.execute(asked));
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close what a human has dealt with, saying how' })
  @ApiOkResponse({ type: OpenItemView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async resolve(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: OpenItemParams,
    @Body() { reason }: ResolveOpenItemDto,
  ): Promise<OpenItemView | Refusal> {
    return openItemView(await this.commands.execute(new ResolveOpenItem(principal, id, reason)));
  }
}
