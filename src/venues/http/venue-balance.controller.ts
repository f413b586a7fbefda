import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/api-docs.js';
import { GetVenueBalance } from '../queries/get-venue-balance.js';
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
}
