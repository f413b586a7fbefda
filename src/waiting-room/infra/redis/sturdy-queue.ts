import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Uuid } from '../../../kernel/ids.js';
import type { RoomKey } from '../../domain/room.js';
import { nameOf } from '../rooms.js';
import { type HeldPlace, type QueuedPlace, type Standing, WaitingQueue } from '../waiting-queue.js';
import { NotKept, type RedisQueue } from './redis-queue.js';

/** After a failure nobody asks Redis for so long: its time-out is not to be waited for by everybody. */
const PAUSE_MS = 1_000;
const SAID_EVERY_MS = 60_000;

/**
 * Redis where it knows, Postgres where not. What Redis has lost is read again in the background; what
 * it was not told of while it was away is read again before it is believed.
 */
export class SturdyQueue extends WaitingQueue implements OnApplicationShutdown {
  private readonly log = new Logger('WaitingQueue');
  private resumesAt = 0;
  private complainedAt = -SAID_EVERY_MS;
  /** Rooms about which Redis has missed something. */
  private readonly missed = new Map<string, RoomKey>();

  constructor(
    private readonly redis: RedisQueue,
    private readonly postgres: WaitingQueue,
    private readonly connection: { disconnect(): void },
  ) {
    super();
  }

  onApplicationShutdown(): void {
    this.connection.disconnect();
  }

  enter(room: RoomKey, places: readonly QueuedPlace[]): Promise<void> {
    return this.tell(room, () => this.redis.enter(room, places));
  }

  remove(room: RoomKey, places: readonly HeldPlace[]): Promise<void> {
    return this.tell(room, () => this.redis.remove(room, places));
  }

  stand(room: RoomKey, userId: Uuid): Promise<Standing | undefined> {
    return this.ask(
      room,
      () => this.redis.stand(room, userId),
      () => this.postgres.stand(room, userId),
    );
  }

  /**
   * With Redis away nobody is given up: their leases are where nobody can look. Who is gone is found
   * out when they are admitted and do not come.
   */
  silent(room: RoomKey, limit: number): Promise<readonly HeldPlace[]> {
    return this.ask(
      room,
      () => this.redis.silent(room, limit),
      () => Promise.resolve([]),
    );
  }

  async reread(room: RoomKey): Promise<void> {
    await this.postgres.reread(room);
    await this.tell(room, () => this.redis.reread(room));
  }

  check(room: RoomKey): Promise<void> {
    return this.ask(
      room,
      () => this.redis.check(room),
      () => Promise.resolve(),
    );
  }

  private async tell(room: RoomKey, told: () => Promise<void>): Promise<void> {
    if (this.isPausing()) {
      this.missed.set(nameOf(room), room);
      return;
    }
    try {
      await told();
    } catch (error) {
      if (error instanceof NotKept) this.refill(room);
      else {
        this.missed.set(nameOf(room), room);
        this.pause(error);
      }
    }
  }

  private async ask<T>(
    room: RoomKey,
    asked: () => Promise<T>,
    otherwise: () => Promise<T>,
  ): Promise<T> {
    if (this.isPausing()) return otherwise();
    if (this.missed.has(nameOf(room))) {
      this.makeUp(room);
      return otherwise();
    }
    try {
      return await asked();
    } catch (error) {
      if (!(error instanceof NotKept)) this.pause(error);
      else if (error.isLost) this.refill(room);
      return otherwise();
    }
  }

  /** Redis is there again, and has missed something about this room. */
  private makeUp(room: RoomKey): void {
    const name = nameOf(room);
    this.missed.delete(name);
    this.redis.reread(room).catch((error: unknown) => {
      this.missed.set(name, room);
      this.pause(error);
    });
  }

  private refill(room: RoomKey): void {
    this.redis.fill(room).catch((error: unknown) => {
      this.pause(error);
    });
  }

  private isPausing(): boolean {
    return performance.now() < this.resumesAt;
  }

  private pause(error: unknown): void {
    const now = performance.now();
    this.resumesAt = now + PAUSE_MS;
    if (now - this.complainedAt < SAID_EVERY_MS) return;
    this.complainedAt = now;
    // Its text alone: the error of a refused login carries the command with the password.
    const reason = error instanceof Error ? error.message : 'unknown';
    this.log.warn(`Redis is in trouble, waiting rooms are served from Postgres: ${reason}`);
  }
}
