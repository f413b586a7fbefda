import { Injectable } from '@nestjs/common';
import { newId, type Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { RoomKey } from '../domain/room.js';
import { MicroBatch } from './micro-batch.js';
import { heldPlacesReading, insertPlaces, type Place, placeOf } from './place-rows.js';
import { shareRoom } from './room-rows.js';
import { nameOf } from './rooms.js';
import { WaitingQueue } from './waiting-queue.js';

/** Gives places. Who joins at the same time is stored by one statement, and told when it is committed. */
@Injectable()
export class Joins {
  private readonly batches = new MicroBatch<RoomKey, Uuid, Place | undefined>(
    nameOf,
    (room, userIds) => this.store(room, userIds),
  );

  constructor(
    private readonly database: Database,
    private readonly queue: WaitingQueue,
  ) {}

  /** The place that a user holds, a new one if they held none; undefined where nobody can join. */
  join(room: RoomKey, userId: Uuid): Promise<Place | undefined> {
    return this.batches.add(room, userId);
  }

  private async store(room: RoomKey, userIds: readonly Uuid[]) {
    const wanted = [...new Set(userIds)].map((userId) => ({ userId, queueId: newId() }));
    const [, inserted] = await this.database.transact(room.tenantId, [
      shareRoom(room),
      insertPlaces(room, wanted),
    ]);
    const made = (inserted?.rows ?? []).map(placeOf);
    await this.queue.enter(room, made);
    const places = new Map(made.map((place) => [place.userId, place]));
    const others = wanted.map(({ userId }) => userId).filter((userId) => !places.has(userId));
    for (const place of await this.held(room, others)) places.set(place.userId, place);
    return userIds.map((userId) => places.get(userId));
  }

  private async held(room: RoomKey, userIds: readonly Uuid[]): Promise<readonly Place[]> {
    if (userIds.length === 0) return [];
    const [found] = await this.database.read(room.tenantId, [heldPlacesReading(room, userIds)]);
    return (found?.rows ?? []).map(placeOf);
  }
}
