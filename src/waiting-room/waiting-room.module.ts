import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../kernel/config/index.js';
import { CloseWaitingRoomHandler } from './commands/close-waiting-room.js';
import { JoinWaitingRoomHandler } from './commands/join-waiting-room.js';
import { LeaveWaitingRoomHandler } from './commands/leave-waiting-room.js';
import { OpenWaitingRoomHandler } from './commands/open-waiting-room.js';
import { RevokeAccessHandler } from './commands/revoke-access.js';
import { SetUpWaitingRoomHandler } from './commands/set-up-waiting-room.js';
import { WaitingRoomAdminController } from './http/waiting-room-admin.controller.js';
import { WaitingRoomController } from './http/waiting-room.controller.js';
import { AccessTokens } from './infra/access-tokens.js';
import { Admissions } from './infra/admissions.js';
import { WAITING_QUEUE } from './infra/choose-queue.js';
import { Draws } from './infra/draws.js';
import { WaitingRoomGauges } from './infra/gauges.js';
import { Joins } from './infra/joins.js';
import { LimitKeys } from './infra/limit-keys.js';
import { LIMIT_RETENTION } from './infra/limit-retention.js';
import { RoomFiguresReader } from './infra/room-figures.js';
import { Rooms } from './infra/rooms.js';
import { Standings } from './infra/standings.js';
import { WAITING_ROOM_RETENTION } from './infra/waiting-room-retention.js';
import { GetPlaceHandler } from './queries/get-place.js';
import { GetPlaceProofHandler } from './queries/get-place-proof.js';
import { GetRoomHandler } from './queries/get-room.js';
import { GetWaitingRoomHandler } from './queries/get-waiting-room.js';
import { ListDrawnPlacesHandler } from './queries/list-drawn-places.js';

/** Who may buy when many want to: queues, access tokens and purchase limits. Needs `Database`. */
@Module({
  controllers: [WaitingRoomController, WaitingRoomAdminController],
  providers: [
    WAITING_QUEUE,
    Rooms,
    Joins,
    Draws,
    AccessTokens,
    RoomFiguresReader,
    Standings,
    Admissions,
    WaitingRoomGauges,
    WAITING_ROOM_RETENTION,
    JoinWaitingRoomHandler,
    LeaveWaitingRoomHandler,
    SetUpWaitingRoomHandler,
    OpenWaitingRoomHandler,
    CloseWaitingRoomHandler,
    RevokeAccessHandler,
    GetPlaceHandler,
    GetPlaceProofHandler,
    GetRoomHandler,
    ListDrawnPlacesHandler,
    GetWaitingRoomHandler,
    {
      provide: LimitKeys,
      useFactory: ({ purchaseLimits }: Config) => new LimitKeys(purchaseLimits.secrets),
      inject: [CONFIG],
    },
    ...LIMIT_RETENTION,
  ],
  exports: [AccessTokens, LimitKeys],
})
export class WaitingRoomModule {}
