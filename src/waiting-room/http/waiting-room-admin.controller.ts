import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { CloseWaitingRoom } from '../commands/close-waiting-room.js';
import { OpenWaitingRoom } from '../commands/open-waiting-room.js';
import { RevokeAccess } from '../commands/revoke-access.js';
import { SetUpWaitingRoom } from '../commands/set-up-waiting-room.js';
import { GetWaitingRoom } from '../queries/get-waiting-room.js';
import { RevokedAccessView, WaitingRoomView, waitingRoomView } from './waiting-room-admin.view.js';
import {
  PlaceParams,
  toTerms,
  WaitingRoomParams,
  WaitingRoomTermsDto,
} from './waiting-room.dto.js';

@ApiTags('Administration')
@Roles('admin')
@Controller('admin/waiting-room/:eventId')
export class WaitingRoomAdminController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Put()
  @ApiOperation({
    summary: 'Give an event a waiting room, or change its terms',
    description:
      'The first time the seed of the draw is made; its hash is public from then on, the seed ' +
      'itself once the room has opened. By its settings the event must be in high demand at opensAt.',
  })
  @ApiOkResponse({ type: WaitingRoomView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR')
  @ApiErrors('TICKET_SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  async setUp(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
    @Body() body: WaitingRoomTermsDto,
  ): Promise<WaitingRoomView | Refusal> {
    const command = new SetUpWaitingRoom(principal, eventId.toLowerCase(), toTerms(body));
    return waitingRoomView(await this.commands.execute(command));
  }

  @Get()
  @ApiOperation({ summary: 'A waiting room and its live figures' })
  @ApiOkResponse({ type: WaitingRoomView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async get(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<WaitingRoomView | Refusal> {
    const query = new GetWaitingRoom({ tenantId, eventId: eventId.toLowerCase() });
    return waitingRoomView(await this.queries.execute(query));
  }

  @Post('open')
  @HttpCode(200)
  @ApiOperation({ summary: 'Draw those who wait, once, and begin to admit; also after a closing' })
  @ApiOkResponse({ type: WaitingRoomView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async open(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<WaitingRoomView | Refusal> {
    const command = new OpenWaitingRoom(principal, eventId.toLowerCase());
    return waitingRoomView(await this.commands.execute(command));
  }

  @Post('close')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let nobody join and admit nobody; tokens that were given stay good' })
  @ApiOkResponse({ type: WaitingRoomView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async close(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<WaitingRoomView | Refusal> {
    const command = new CloseWaitingRoom(principal, eventId.toLowerCase());
    return waitingRoomView(await this.commands.execute(command));
  }

  @Delete('access/:queueId')
  @ApiOperation({ summary: 'Take back the access token of a place, and its slot' })
  @ApiOkResponse({ type: RevokedAccessView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async revoke(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId, queueId }: PlaceParams,
  ): Promise<RevokedAccessView | Refusal> {
    const command = new RevokeAccess(principal, eventId.toLowerCase(), queueId.toLowerCase());
    return (await this.commands.execute(command)) ?? { queueId, status: 'revoked' };
  }
}
