import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Room, RoomKey } from '../domain/room.js';
import { type RoomFigures, RoomFiguresReader } from '../infra/room-figures.js';
import { roomOf, roomReading } from '../infra/room-rows.js';

export interface RoomReport {
  readonly room: Room;
  readonly figures: RoomFigures;
}

/** A room and its live figures, for who administers it. Refuses `NOT_FOUND` where there is none. */
export class GetWaitingRoom extends Query<RoomReport | Refusal> {
  constructor(readonly key: RoomKey) {
    super();
  }
}

export const NO_ROOM = refuse('NOT_FOUND', 'This event has no waiting room');

@QueryHandler(GetWaitingRoom)
export class GetWaitingRoomHandler implements IQueryHandler<GetWaitingRoom> {
  constructor(
    private readonly database: Database,
    private readonly reader: RoomFiguresReader,
  ) {}

  async execute({ key }: GetWaitingRoom): Promise<RoomReport | Refusal> {
    const [found] = await this.database.read(key.tenantId, [roomReading(key)]);
    const [row] = found?.rows ?? [];
    if (!row) return NO_ROOM;
    return { room: roomOf(row), figures: await this.reader.figures(key) };
  }
}
