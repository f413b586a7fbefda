import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { RetryMint } from '../commands/retry-mint.js';
import { GetMint } from '../queries/get-mint.js';
import { ListMints } from '../queries/list-mints.js';
import { ListMintsDto, MintParams, toMintFilter } from './mints.dto.js';
import {
  mintDetailsView,
  MintDetailsView,
  MintsView,
  mintsView,
  MintView,
  mintView,
} from './mints.view.js';

@ApiTags('Tokens')
@Roles('admin')
@Controller('admin/nft/mints')
export class MintsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Tickets on their way to a chain, or there' })
  @ApiOkResponse({ type: MintsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListMintsDto,
  ): Promise<MintsView> {
    return mintsView(await this.queries.execute(new ListMints(tenantId, toMintFilter(query))));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A ticket’s token with every transaction of its mint' })
  @ApiOkResponse({ type: MintDetailsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async get(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: MintParams,
  ): Promise<MintDetailsView | Refusal> {
    return mintDetailsView(await this.queries.execute(new GetMint(tenantId, id)));
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Try anew what was given up: a mint, or taking a token back',
    description: 'Nothing is done twice: the chain is read before anything is signed.',
  })
  @ApiOkResponse({ type: MintView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async retry(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: MintParams,
  ): Promise<MintView | Refusal> {
    return mintView(await this.commands.execute(new RetryMint(principal, id)));
  }
}
