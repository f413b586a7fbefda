import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { auditReading, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import { closeRoom, closingGuard, holdRoom, IS_DRAWING, roomBefore } from '../infra/room-rows.js';
import { Rooms } from '../infra/rooms.js';
import { GetWaitingRoom, NO_ROOM, type RoomReport } from '../queries/get-waiting-room.js';

/**
 * Closes a room: nobody joins, nobody is admitted; tokens that were given stay good. Refuses
 * `NOT_FOUND` where there is none, and `CONFLICT` in the moment of the draw.
 */
export class CloseWaitingRoom extends Command<RoomReport | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly eventId: Uuid,
  ) {
    super();
  }
}

const DRAWING = refuse('CONFLICT', 'The waiting room is being drawn: try again in a moment');

@CommandHandler(CloseWaitingRoom)
export class CloseWaitingRoomHandler implements ICommandHandler<CloseWaitingRoom> {
  constructor(
    private readonly database: Database,
    private readonly rooms: Rooms,
    private readonly queries: QueryBus,
  ) {}

  async execute({ principal, eventId }: CloseWaitingRoom): Promise<RoomReport | Refusal> {
    const key = { tenantId: principal.tenantId, eventId };
    if (!(await this.rooms.find(key))) return NO_ROOM;
    const audited = {
      actor: userActor(principal),
      action: 'waiting_room.closed',
      object: { type: 'waiting_room', id: eventId },
      after: { status: 'closed' },
    };
    try {
      await this.database.transact(key.tenantId, [
        holdRoom(key),
        closingGuard(key),
        auditReading(key.tenantId, audited, roomBefore(key)),
        closeRoom(key),
      ]);
    } catch (error) {
      if (asDatabaseError(error)?.detail === IS_DRAWING) return DRAWING;
      throw error;
    }
    this.rooms.forget(key);
    return this.queries.execute(new GetWaitingRoom(key));
  }
}
