import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/postgres/database.js';
import type { Room, RoomKey } from '../domain/room.js';
import { roomOf, roomReading } from './room-rows.js';
import { ShortMemory } from './short-memory.js';

const TTL_MS = 1_000;

export const nameOf = ({ tenantId, eventId }: RoomKey) => `${tenantId}:${eventId}`;

/** Rooms as they were within the last second: a queue of 100,000 asks for the same one. */
@Injectable()
export class Rooms {
  private readonly known = new ShortMemory<{ readonly room: Room | undefined }>(TTL_MS);

  constructor(private readonly database: Database) {}

  async find(key: RoomKey): Promise<Room | undefined> {
    const { room } = await this.known.get(nameOf(key), () => this.read(key));
    return room;
  }

  /** Something about the room has changed here: the next who asks is to see it. */
  forget(key: RoomKey): void {
    this.known.forget(nameOf(key));
  }

  private async read(key: RoomKey) {
    const [found] = await this.database.read(key.tenantId, [roomReading(key)]);
    const [row] = found?.rows ?? [];
    return { room: row && roomOf(row) };
  }
}
