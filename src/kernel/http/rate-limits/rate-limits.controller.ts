import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../auth/index.js';
import type { Refusal } from '../../errors.js';
import { ApiCommonErrors, ApiErrors } from '../api-docs.js';
import { ChangeRateLimits } from './change-rate-limits.js';
import { GetRateLimits } from './get-rate-limits.js';
import { ChangeRateLimitsDto, LimitsOfDto } from './rate-limits.dto.js';
import { RateLimitsView, rateLimitsView } from './rate-limits.view.js';

/** For the platform's operators: limits protect all tenants from each one. */
@ApiTags('Administration')
@Roles('platform_admin')
@Controller('admin/rate-limits')
export class RateLimitsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How many requests a minute a tenant’s users may make' })
  @ApiOkResponse({ type: RateLimitsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async get(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() of: LimitsOfDto,
  ): Promise<RateLimitsView | Refusal> {
    return rateLimitsView(await this.queries.execute(new GetRateLimits(of.tenantId ?? tenantId)));
  }

  @Put()
  @ApiOperation({ summary: 'Replace a tenant’s own figures; they hold within ten seconds' })
  @ApiOkResponse({ type: RateLimitsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async change(
    @CurrentPrincipal() principal: Principal,
    @Query() { tenantId = principal.tenantId }: LimitsOfDto,
    @Body() { limits }: ChangeRateLimitsDto,
  ): Promise<RateLimitsView | Refusal> {
    const command = new ChangeRateLimits(principal, tenantId.toLowerCase(), limits);
    return rateLimitsView(await this.commands.execute(command));
  }
}
