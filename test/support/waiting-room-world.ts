import { Vault } from '../../src/kernel/crypto/index.js';
import { Resealing } from '../../src/kernel/crypto/resealing.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { PeriodicTasks } from '../../src/kernel/jobs/index.js';
import type { Database } from '../../src/kernel/postgres/database.js';
import { commitmentTo } from '../../src/waiting-room/domain/draw.js';
import type { RoomKey, RoomTerms } from '../../src/waiting-room/domain/room.js';
import { Admissions } from '../../src/waiting-room/infra/admissions.js';
import { Draws } from '../../src/waiting-room/infra/draws.js';
import { Joins } from '../../src/waiting-room/infra/joins.js';
import {
  beginDraw,
  holdRoom,
  seedContext,
  writeRoom,
} from '../../src/waiting-room/infra/room-rows.js';
import { Rooms } from '../../src/waiting-room/infra/rooms.js';
import type { WaitingQueue } from '../../src/waiting-room/infra/waiting-queue.js';

export const SEED = Buffer.alloc(32, 7);
const HOUR_MS = 3_600_000;

/** Waiting rooms on a database and a queue, without anything around them. */
export class WaitingRooms {
  readonly rooms: Rooms;
  readonly joins: Joins;
  readonly draws: Draws;
  readonly admissions: Admissions;
  private readonly vault = new Vault([{ id: 'k1', key: Buffer.alloc(32, 1) }]);

  constructor(
    readonly database: Database,
    readonly queue: WaitingQueue,
  ) {
    const resealing = new Resealing(database, this.vault);
    this.rooms = new Rooms(database);
    this.joins = new Joins(database, queue);
    this.draws = new Draws(database, this.vault, resealing, this.rooms, queue);
    this.admissions = new Admissions(database, queue, this.draws, new PeriodicTasks(false));
  }

  /** A room that opens in an hour; its seed is known to the test. */
  async scheduled(terms: Partial<RoomTerms> = {}): Promise<RoomKey> {
    const room = { tenantId: newId(), eventId: newId() };
    const opensAt = new Date(Date.now() + HOUR_MS);
    const sealed = this.vault.encrypt(SEED.toString('hex'), seedContext(room));
    await this.database.transact(room.tenantId, [
      writeRoom(
        room,
        { opensAt, capacity: 100_000, ratePerMinute: 30_000, ...terms },
        { commitment: commitmentTo(SEED), sealed },
      ),
    ]);
    return room;
  }

  async open(room: RoomKey): Promise<void> {
    await this.database.transact(room.tenantId, [holdRoom(room), beginDraw(room, false)]);
    await this.draws.finish(room);
  }

  /** A room into which people come first come, first served. */
  async opened(terms: Partial<RoomTerms> = {}): Promise<RoomKey> {
    const room = await this.scheduled(terms);
    await this.open(room);
    return room;
  }

  /** Somebody after the other. */
  async joined(room: RoomKey, count: number): Promise<Uuid[]> {
    const users = Array.from({ length: count }, () => newId());
    for (let from = 0; from < count; from += 500) {
      await Promise.all(users.slice(from, from + 500).map((user) => this.joins.join(room, user)));
    }
    return users;
  }
}
