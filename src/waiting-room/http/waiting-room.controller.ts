import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { JoinWaitingRoom } from '../commands/join-waiting-room.js';
import { LeaveWaitingRoom } from '../commands/leave-waiting-room.js';
import type { RoomKey } from '../domain/room.js';
import { GetPlace } from '../queries/get-place.js';
import { GetPlaceProof } from '../queries/get-place-proof.js';
import { GetRoom } from '../queries/get-room.js';
import { ListDrawnPlaces } from '../queries/list-drawn-places.js';
import { DrawPageDto, WaitingRoomParams } from './waiting-room.dto.js';
import {
  DrawnRoomView,
  drawnRoomView,
  DrawView,
  drawView,
  LeftPlaceView,
  leftPlaceView,
  PlaceProofView,
  placeProofView,
  PlaceView,
  placeView,
} from './waiting-room.view.js';

@ApiTags('Waiting room')
@Controller('api/v1/waiting-room/:eventId')
export class WaitingRoomController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'A waiting room as everybody may know it, without a place in it',
    description:
      'Before the draw the hash of its seed, which binds it; afterwards the seed and the root over ' +
      'the drawn order.',
  })
  @ApiOkResponse({ type: DrawnRoomView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async room(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<DrawnRoomView | Refusal> {
    return drawnRoomView(await this.queries.execute(new GetRoom(roomOf(principal, eventId))));
  }

  @Get('draw')
  @ApiOperation({
    summary: 'The whole drawn order, page by page, for whoever wants to draw again',
    description:
      'The ids of the places, not of people. Seed and ids give the order and the root. Who takes ' +
      'part is the word of the operator.',
  })
  @ApiOkResponse({ type: DrawView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async draw(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
    @Query() { after = 0 }: DrawPageDto,
  ): Promise<DrawView | Refusal> {
    const query = new ListDrawnPlaces(roomOf(principal, eventId), after);
    return drawView(await this.queries.execute(query));
  }

  @Post('join')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take a place; who has one keeps it',
    description:
      'Those who come before the opening are drawn, by a seed whose hash they see now and which is ' +
      'shown with the draw; those who come later follow in the order of their arrival.',
  })
  @ApiOkResponse({ type: PlaceView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async join(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<PlaceView | Refusal> {
    const command = new JoinWaitingRoom(roomOf(principal, eventId), userOf(principal));
    return placeView(await this.commands.execute(command));
  }

  @Get('status')
  @ApiOperation({ summary: 'Where you stand, and your access token once you are admitted' })
  @ApiOkResponse({ type: PlaceView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async status(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<PlaceView | Refusal> {
    const query = new GetPlace(roomOf(principal, eventId), userOf(principal));
    return placeView(await this.queries.execute(query));
  }

  @Post('heartbeat')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say that you are still there; answers as the status does' })
  @ApiOkResponse({ type: PlaceView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  heartbeat(
    @CurrentPrincipal() principal: Principal,
    @Param() params: WaitingRoomParams,
  ): Promise<PlaceView | Refusal> {
    return this.status(principal, params);
  }

  @Delete()
  @ApiOperation({ summary: 'Give up your place, and your access token with it' })
  @ApiOkResponse({ type: LeftPlaceView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async leave(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<LeftPlaceView | Refusal> {
    const command = new LeaveWaitingRoom(roomOf(principal, eventId), userOf(principal));
    return leftPlaceView(await this.commands.execute(command));
  }

  @Get('proof')
  @ApiOperation({ summary: 'What proves that your place was drawn fairly' })
  @ApiOkResponse({ type: PlaceProofView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async proof(
    @CurrentPrincipal() principal: Principal,
    @Param() { eventId }: WaitingRoomParams,
  ): Promise<PlaceProofView | Refusal> {
    const query = new GetPlaceProof(roomOf(principal, eventId), userOf(principal));
    return placeProofView(await this.queries.execute(query));
  }
}

const roomOf = ({ tenantId }: Principal, eventId: string): RoomKey => ({
  tenantId,
  eventId: eventId.toLowerCase(),
});

/** As the database writes it: places are looked up by it. */
const userOf = ({ userId }: Principal) => userId.toLowerCase();
