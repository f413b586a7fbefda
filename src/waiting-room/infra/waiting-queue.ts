import type { Uuid } from '../../kernel/ids.js';
import type { RoomKey } from '../domain/room.js';

/** Whose place, and which of those that they may have had. */
export interface HeldPlace {
  readonly queueId: Uuid;
  readonly userId: Uuid;
}

/** A place whose row is stored; `ordinal` null while it is still to be drawn. */
export interface QueuedPlace extends HeldPlace {
  readonly ordinal: number | null;
}

/** Where somebody stands who waits. */
export interface Standing {
  readonly queueId: Uuid;
  /** How many wait before them, as of the last second; null while the order is not drawn yet. */
  readonly ahead: number | null;
  /** How many wait in all. */
  readonly waiting: number;
}

/**
 * Who waits in a room, in which order, and who is still there. The rows of places in Postgres are the
 * truth: an implementation may keep what it likes to be fast, and must be able to lose it. Nothing of
 * it decides who is admitted.
 */
export abstract class WaitingQueue {
  /**
   * Takes note of places that are stored; their leases begin anew. Told late, after the removal of one
   * of them, that one stays away. Never refuses.
   */
  abstract enter(room: RoomKey, places: readonly QueuedPlace[]): Promise<void>;

  /** Takes note that these places wait no longer; another one of the same user stays. Never refuses. */
  abstract remove(room: RoomKey, places: readonly HeldPlace[]): Promise<void>;

  /** Where a user stands, undefined when they do not wait. Who asks is there: their lease begins anew. */
  abstract stand(room: RoomKey, userId: Uuid): Promise<Standing | undefined>;

  /** Places that wait in an open room and whose lease has ended, at most `limit`. */
  abstract silent(room: RoomKey, limit: number): Promise<readonly HeldPlace[]>;

  /** The order of the room has been written anew in Postgres: nothing that is kept is true. */
  abstract reread(room: RoomKey): Promise<void>;

  /** Compares what is kept with the truth, and begins to repair what differs. For a periodic task. */
  abstract check(room: RoomKey): Promise<void>;
}
