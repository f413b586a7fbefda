import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { RoomKey } from '../domain/room.js';
import { Joins } from '../infra/joins.js';
import { Rooms } from '../infra/rooms.js';
import { type PlaceReport, Standings } from '../infra/standings.js';
import { NO_ROOM } from '../queries/get-waiting-room.js';

/**
 * Takes a place: before the opening one of those that are drawn, afterwards the last. Who holds one
 * keeps it. Refuses `NOT_FOUND` where there is no room and `CONFLICT` where it is closed.
 */
export class JoinWaitingRoom extends Command<PlaceReport | Refusal> {
  constructor(
    readonly room: RoomKey,
    readonly userId: Uuid,
  ) {
    super();
  }
}

const CLOSED = refuse('CONFLICT', 'The waiting room is closed');

@CommandHandler(JoinWaitingRoom)
export class JoinWaitingRoomHandler implements ICommandHandler<JoinWaitingRoom> {
  constructor(
    private readonly rooms: Rooms,
    private readonly joins: Joins,
    private readonly standings: Standings,
  ) {}

  async execute({ room: key, userId }: JoinWaitingRoom): Promise<PlaceReport | Refusal> {
    if (!(await this.rooms.find(key))) return NO_ROOM;
    // A place that ends while it is asked for is seen by the second try.
    const place = (await this.joins.join(key, userId)) ?? (await this.joins.join(key, userId));
    if (!place) return CLOSED;
    return (await this.standings.report(key, userId)) ?? NO_ROOM;
  }
}
