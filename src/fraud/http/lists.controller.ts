import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { AddListEntry } from '../commands/add-list-entry.js';
import { RemoveListEntry } from '../commands/remove-list-entry.js';
import { ListEntries } from '../queries/list-entries.js';
import { FraudParams } from './fields.js';
import { AddListEntryDto, ListEntriesDto, toListFilter, toListWish } from './lists.dto.js';
import { ListEntriesView, listEntriesView, ListEntryView, listEntryView } from './lists.view.js';

@ApiTags('Fraud')
@Controller('admin/fraud/lists')
export class FraudListsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Roles('admin', 'reviewer')
  @ApiOperation({ summary: 'Who may not buy whatever else is known, and who may' })
  @ApiOkResponse({ type: ListEntriesView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListEntriesDto,
  ): Promise<ListEntriesView> {
    const asked = new ListEntries(tenantId, toListFilter(query));
    return listEntriesView(await this.queries.execute(asked));
  }

  @Post()
  @Roles('admin')
  @ApiOperation({
    summary: 'Put a user, device, network or billing address or card on a list',
    description: 'Who is on both lists is blocked. Velocity limits bind who is allowed, too.',
  })
  @ApiCreatedResponse({ type: ListEntryView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body() body: AddListEntryDto,
  ): Promise<ListEntryView | Refusal> {
    const command = new AddListEntry(principal, toListWish(body));
    return listEntryView(await this.commands.execute(command));
  }

  @Delete(':id')
  @Roles('admin')
  @ApiOperation({ summary: 'Take an entry off its list; answers what it was' })
  @ApiOkResponse({ type: ListEntryView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: FraudParams,
  ): Promise<ListEntryView | Refusal> {
    return listEntryView(await this.commands.execute(new RemoveListEntry(principal, id)));
  }
}
