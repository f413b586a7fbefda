import { applyDecorators, Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/api-docs.js';
import { ChangeSettings } from '../commands/change-settings.js';
import type { SettingsLevel } from '../domain/settings-change.js';
import { GetSettings } from '../queries/get-settings.js';
import {
  ChangeSettingsDto,
  EventParams,
  SettingsQuery,
  toHistoryPage,
  toSettingsRequest,
  VenueParams,
} from './settings.dto.js';
import { SettingsReportView, settingsReportView } from './settings-report.view.js';

/** What every route here answers and refuses. */
const Documented = (summary: string) =>
  applyDecorators(
    ApiOperation({ summary }),
    ApiOkResponse({ type: SettingsReportView }),
    ApiCommonErrors(),
    ApiErrors('VALIDATION_ERROR', 'FORBIDDEN', 'DATABASE_UNAVAILABLE'),
  );

/** Whose venue it is, the ticket service knows. */
const Found = () => ApiErrors('NOT_FOUND', 'TICKET_SERVICE_UNAVAILABLE');

const Readable = (summary: string) =>
  applyDecorators(Roles('venue_owner', 'venue_manager', 'admin'), Documented(summary), Found());

const Changeable = (summary: string) =>
  applyDecorators(Roles('venue_owner', 'admin'), Documented(summary), Found());

const ForAdmins = (summary: string) => applyDecorators(Roles('admin'), Documented(summary));

@ApiTags('Venues')
@Controller('api/v1')
export class SettingsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('settings')
  @ForAdmins("The tenant's settings now, and on demand who changed them")
  ofTenant(@CurrentPrincipal() principal: Principal, @Query() query: SettingsQuery) {
    return this.show(principal, 'tenant', principal.tenantId, query);
  }

  @Put('settings')
  @ForAdmins("Replace the tenant's settings, now or from an instant on")
  changeTenant(@CurrentPrincipal() principal: Principal, @Body() body: ChangeSettingsDto) {
    return this.change(principal, 'tenant', principal.tenantId, body);
  }

  @Get('venues/:venueId/settings')
  @Readable("A venue's settings now, and on demand who changed them")
  ofVenue(
    @CurrentPrincipal() principal: Principal,
    @Param() { venueId }: VenueParams,
    @Query() query: SettingsQuery,
  ) {
    return this.show(principal, 'venue', venueId, query);
  }

  @Put('venues/:venueId/settings')
  @Changeable("Replace a venue's settings, now or from an instant on")
  changeVenue(
    @CurrentPrincipal() principal: Principal,
    @Param() { venueId }: VenueParams,
    @Body() body: ChangeSettingsDto,
  ) {
    return this.change(principal, 'venue', venueId, body);
  }

  @Get('events/:eventId/settings')
  @Readable("An event's settings now, and on demand who changed them")
  ofEvent(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: EventParams,
    @Query() query: SettingsQuery,
  ) {
    return this.show(principal, 'event', eventId, query);
  }

  @Put('events/:eventId/settings')
  @Changeable("Replace an event's settings, now or from an instant on")
  changeEvent(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: EventParams,
    @Body() body: ChangeSettingsDto,
  ) {
    return this.change(principal, 'event', eventId, body);
  }

  private async show(principal: Principal, level: SettingsLevel, id: string, query: SettingsQuery) {
    const asked = new GetSettings(principal, level, id.toLowerCase(), toHistoryPage(query));
    return settingsReportView(await this.queries.execute(asked));
  }

  private async change(
    principal: Principal,
    level: SettingsLevel,
    id: string,
    body: ChangeSettingsDto,
  ) {
    const asked = new ChangeSettings(principal, level, id.toLowerCase(), toSettingsRequest(body));
    return settingsReportView(await this.commands.execute(asked));
  }
}
