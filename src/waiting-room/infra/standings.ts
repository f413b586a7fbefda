import { Injectable } from '@nestjs/common';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { type EtaRange, etaRange } from '../domain/pace.js';
import type { PlaceStatus, Room, RoomKey } from '../domain/room.js';
import { accessOf, renewAccess } from './access-rows.js';
import { AccessTokens } from './access-tokens.js';
import { latestPlaceReading, placeOf } from './place-rows.js';
import { RoomFiguresReader } from './room-figures.js';
import { Rooms } from './rooms.js';
import { WaitingQueue } from './waiting-queue.js';

/** What somebody is told of their place. */
export interface PlaceReport {
  readonly room: Room;
  readonly queueId: Uuid;
  readonly status: PlaceStatus;
  /** How many are before them; null unless they wait in an order that is drawn. */
  readonly ahead: number | null;
  /** How many wait; null unless they do. */
  readonly waiting: number | null;
  readonly eta: EtaRange | null;
  readonly access: { readonly token: string; readonly expiresAt: Date } | null;
}

/** Where people stand. Who asks is there: their lease begins anew. */
@Injectable()
export class Standings {
  constructor(
    private readonly database: Database,
    private readonly rooms: Rooms,
    private readonly queue: WaitingQueue,
    private readonly figures: RoomFiguresReader,
    private readonly tokens: AccessTokens,
  ) {}

  /** The place that a user holds, else the last that they held; undefined where there was none. */
  async report(key: RoomKey, userId: Uuid): Promise<PlaceReport | undefined> {
    const room = await this.rooms.find(key);
    if (!room) return undefined;
    const standing = await this.queue.stand(key, userId);
    if (!standing) return this.notWaiting(room, userId);
    const { queueId, waiting } = standing;
    // Who came between the opening and the end of the draw has a number, and all that are drawn go first.
    const ahead = room.draw ? standing.ahead : null;
    const isMoving = ahead !== null && room.status === 'open';
    const eta = isMoving ? etaRange(ahead, await this.figures.pace(key)) : null;
    return { room, queueId, status: 'waiting', ahead, waiting, eta, access: null };
  }

  private async notWaiting(room: Room, userId: Uuid): Promise<PlaceReport | undefined> {
    const [held, latest] = await this.database.transact(room.tenantId, [
      renewAccess(room, userId),
      latestPlaceReading(room, userId),
    ]);
    const nothing = { ahead: null, waiting: null, eta: null, access: null };
    const [heldRow] = held?.rows ?? [];
    if (heldRow) {
      const access = accessOf(heldRow);
      const { queueId, expiresAt } = access;
      const token = await this.tokens.sign(room, access);
      return { room, queueId, status: 'admitted', ...nothing, access: { token, expiresAt } };
    }
    const [row] = latest?.rows ?? [];
    if (!row) return undefined;
    const { queueId, status } = placeOf(row);
    return { room, queueId, status, ...nothing };
  }
}
