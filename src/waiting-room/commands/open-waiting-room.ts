import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { auditReading, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { Draws } from '../infra/draws.js';
import { beginDraw, holdRoom, reopenRoom, roomBefore } from '../infra/room-rows.js';
import { Rooms } from '../infra/rooms.js';
import { GetWaitingRoom, NO_ROOM, type RoomReport } from '../queries/get-waiting-room.js';

/**
 * Opens a room now: draws those who wait, once, and begins to admit. A room that was closed goes on
 * where it was; one that is open stays so. Refuses `NOT_FOUND` where there is none.
 */
export class OpenWaitingRoom extends Command<RoomReport | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly eventId: Uuid,
  ) {
    super();
  }
}

@CommandHandler(OpenWaitingRoom)
export class OpenWaitingRoomHandler implements ICommandHandler<OpenWaitingRoom> {
  constructor(
    private readonly database: Database,
    private readonly rooms: Rooms,
    private readonly draws: Draws,
    private readonly queries: QueryBus,
  ) {}

  async execute({ principal, eventId }: OpenWaitingRoom): Promise<RoomReport | Refusal> {
    const key = { tenantId: principal.tenantId, eventId };
    if (!(await this.rooms.find(key))) return NO_ROOM;
    const audited = {
      actor: userActor(principal),
      action: 'waiting_room.opened',
      object: { type: 'waiting_room', id: eventId },
      after: { status: 'open' },
    };
    await this.database.transact(key.tenantId, [
      holdRoom(key),
      auditReading(key.tenantId, audited, roomBefore(key)),
      reopenRoom(key),
      beginDraw(key, false),
    ]);
    await this.draws.finish(key);
    this.rooms.forget(key);
    return this.queries.execute(new GetWaitingRoom(key));
  }
}
