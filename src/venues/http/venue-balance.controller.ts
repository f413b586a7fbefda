import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/api-docs.js';
import { ExplainVenueBalance } from '../queries/explain-venue-balance.js';
import { GetVenueBalance } from '../queries/get-venue-balance.js';
import { ExplainBalanceDto, toExplainAsked } from './explain-balance.dto.js';
import { BalanceExplanationView, balanceExplanationView } from './explain-balance.view.js';
import { VenueParams } from './settings.dto.js';
import { VenueBalanceQuery, VenueBalanceView, venueBalanceView } from './venue-balance.view.js';

@ApiTags('Venues')
@Controller('api/v1/venues')
export class VenueBalanceController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':venueId/balance')
  @Roles('venue_owner', 'venue_manager', 'admin')
  @ApiOperation({ summary: 'What a venue has coming, and what may be paid out' })
  @ApiOkResponse({ type: VenueBalanceView })
  @ApiCommonErrors()
  @ApiErrors('VALIDATION_ERROR', 'FORBIDDEN', 'NOT_FOUND')
  @ApiErrors('TICKET_SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  async balance(
    @CurrentPrincipal() principal: Principal,
    @Param() { venueId }: VenueParams,
    @Query() { currency = 'USD' }: VenueBalanceQuery,
  ) {
    return venueBalanceView(
      await this.queries.execute(new GetVenueBalance(principal, venueId.toLowerCase(), currency)),
    );
  }

  @Get(':venueId/balance/explain')
  @Roles('venue_owner', 'venue_manager', 'admin')
  @ApiOperation({ summary: 'Why a venue’s balance is what it is, or was: every cause in order' })
  @ApiOkResponse({ type: BalanceExplanationView })
  @ApiCommonErrors()
  @ApiErrors('VALIDATION_ERROR', 'FORBIDDEN', 'NOT_FOUND')
  @ApiErrors('TICKET_SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  async explain(
    @CurrentPrincipal() principal: Principal,
    @Param() { venueId }: VenueParams,
    @Query() query: ExplainBalanceDto,
  ) {
    const asked = toExplainAsked(query);
    return balanceExplanationView(
      await this.queries.execute(new ExplainVenueBalance(principal, venueId.toLowerCase(), asked)),
    );
  }
}
