import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { CancelEvent } from '../commands/cancel-event.js';
import { GetEventCancellation } from '../queries/get-event-cancellation.js';
import { CancelEventDto } from './event-cancellation.dto.js';
import { EventCancellationView } from './event-cancellation.view.js';

const ApiEventId = () => ApiParam({ name: 'eventId', schema: { type: 'string', format: 'uuid' } });

@ApiTags('Events')
@Roles('venue_owner', 'venue_manager', 'admin')
@Controller('api/v1/events/:eventId/cancel')
export class EventCancellationController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiEventId()
  @HttpCode(202)
  @ApiOperation({ summary: 'Cancel an event: sell nothing more of it and refund every buyer' })
  @ApiAcceptedResponse({ type: EventCancellationView })
  @ApiCommonErrors()
  @ApiErrors(
    'FORBIDDEN',
    'NOT_FOUND',
    'VALIDATION_ERROR',
    'TICKET_SERVICE_UNAVAILABLE',
    'DATABASE_UNAVAILABLE',
  )
  cancel(
    @Param('eventId', ParseUUIDPipe) eventId: string,
    @Body() { reason, refundFees }: CancelEventDto,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.commands.execute(
      new CancelEvent(principal, eventId, reason ?? null, refundFees ?? false),
    );
  }

  @Get()
  @ApiEventId()
  @ApiOperation({ summary: "How far a cancelled event's refunds are" })
  @ApiOkResponse({ type: EventCancellationView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND')
  progress(
    @Param('eventId', ParseUUIDPipe) eventId: string,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.queries.execute(new GetEventCancellation(principal, eventId));
  }
}
