import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Refusal } from '../../kernel/errors.js';
import type { Room, RoomKey } from '../domain/room.js';
import { Rooms } from '../infra/rooms.js';
import { NO_ROOM } from './get-waiting-room.js';

/**
 * A room as everybody may know it, as of the last second: who thinks of joining sees what is promised
 * about the draw, who did not join can check it. Refuses `NOT_FOUND` where there is none.
 */
export class GetRoom extends Query<Room | Refusal> {
  constructor(readonly key: RoomKey) {
    super();
  }
}

@QueryHandler(GetRoom)
export class GetRoomHandler implements IQueryHandler<GetRoom> {
  constructor(private readonly rooms: Rooms) {}

  async execute({ key }: GetRoom): Promise<Room | Refusal> {
    return (await this.rooms.find(key)) ?? NO_ROOM;
  }
}
