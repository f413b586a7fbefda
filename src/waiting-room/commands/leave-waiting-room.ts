import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { RoomKey } from '../domain/room.js';
import {
  heldPlacesReading,
  holdPlace,
  leavePlace,
  type Place,
  placeOf,
} from '../infra/place-rows.js';
import { shareRoom } from '../infra/room-rows.js';
import { WaitingQueue } from '../infra/waiting-queue.js';
import { NO_PLACE } from '../queries/get-place.js';

/**
 * Gives up a place, and the access token with it. Refuses `NOT_FOUND` whoever holds none, and
 * `CONFLICT` while a payment is under way with the token.
 */
export class LeaveWaitingRoom extends Command<Place | Refusal> {
  constructor(
    readonly room: RoomKey,
    readonly userId: Uuid,
  ) {
    super();
  }
}

const PAYING = refuse('CONFLICT', 'A payment is under way with your access token');

@CommandHandler(LeaveWaitingRoom)
export class LeaveWaitingRoomHandler implements ICommandHandler<LeaveWaitingRoom> {
  constructor(
    private readonly database: Database,
    private readonly queue: WaitingQueue,
  ) {}

  async execute({ room, userId }: LeaveWaitingRoom): Promise<Place | Refusal> {
    const results = await this.database.transact(room.tenantId, [
      shareRoom(room),
      ...holdPlace(room, userId),
      leavePlace(room, userId),
      heldPlacesReading(room, [userId]),
    ]);
    const [gone, held] = results.slice(-2);
    const [row] = gone?.rows ?? [];
    if (!row) return held?.rowCount ? PAYING : NO_PLACE;
    const place = placeOf(row);
    await this.queue.remove(room, [place]);
    return place;
  }
}
