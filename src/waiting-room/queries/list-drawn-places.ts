import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { RUN } from '../domain/draw-proof.js';
import type { Room, RoomKey } from '../domain/room.js';
import { runReading } from '../infra/drawn-runs.js';
import { roomOf, roomReading } from '../infra/room-rows.js';
import { NO_ROOM } from './get-waiting-room.js';

export interface DrawnPlace {
  /** From 1. */
  readonly rank: number;
  readonly queueId: Uuid;
}

export interface DrawPage {
  readonly room: Room;
  /** At most 1,024; none while nothing is drawn. */
  readonly places: readonly DrawnPlace[];
  /** The rank after which the next page begins; null on the last. */
  readonly next: number | null;
}

/**
 * The drawn order behind a rank, page by page: with the seed, whoever likes can draw again and get
 * the same. It tells of places, not of people. Refuses `NOT_FOUND` where there is no room.
 */
export class ListDrawnPlaces extends Query<DrawPage | Refusal> {
  constructor(
    readonly key: RoomKey,
    readonly after: number,
  ) {
    super();
  }
}

@QueryHandler(ListDrawnPlaces)
export class ListDrawnPlacesHandler implements IQueryHandler<ListDrawnPlaces> {
  constructor(private readonly database: Database) {}

  async execute({ key, after }: ListDrawnPlaces): Promise<DrawPage | Refusal> {
    const [rooms, run] = await this.database.read(key.tenantId, [
      roomReading(key),
      runReading(key, after + 1, RUN),
    ]);
    const [row] = rooms?.rows ?? [];
    if (!row) return NO_ROOM;
    const room = roomOf(row);
    // In the midst of a draw the first runs are written, and may be written anew.
    if (!room.draw) return { room, places: [], next: null };
    const places = (run?.rows ?? []).map((each, index) => ({
      rank: after + 1 + index,
      queueId: each.queue_id as Uuid,
    }));
    const last = after + places.length;
    return { room, places, next: places.length > 0 && last < room.draw.size ? last : null };
  }
}
