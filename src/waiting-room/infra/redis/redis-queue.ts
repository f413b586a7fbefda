import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { newId, type Uuid } from '../../../kernel/ids.js';
import type { Database } from '../../../kernel/postgres/database.js';
import { LEASE_SECONDS, type RoomKey } from '../../domain/room.js';
import { waitingCountReading, waitingPlacesReading } from '../place-rows.js';
import { nameOf } from '../rooms.js';
import { type HeldPlace, type QueuedPlace, type Standing, WaitingQueue } from '../waiting-queue.js';
import { BEGIN, ENTER, FINISH, LOAD, REMOVE, SILENT, STAND } from './scripts.js';

const LEASE_MS = LEASE_SECONDS.waiting * 1_000;

/** Without a worker's visit for so long, leases may be older than the truth: everything is read again. */
const BELIEVED_MS = 15_000;

/** A process that fills a room and says nothing for so long has died. */
const PATIENCE_MS = 10_000;

const PAGE = 2_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Nothing is kept of the room at this moment: it was lost, or is being read again. */
export class NotKept extends Error {
  constructor(readonly isLost: boolean) {
    super('the queue is not kept in Redis at this moment');
    this.name = 'NotKept';
  }
}

/**
 * Queues as sorted sets. Throws `NotKept` where Postgres must be asked instead, and whatever the
 * client throws when the server is away. All keys of a room share a hash tag, and so a node of a
 * cluster.
 */
export class RedisQueue extends WaitingQueue {
  private readonly filling = new Set<string>();
  private readonly suspected = new Set<string>();

  constructor(
    private readonly redis: Redis,
    private readonly database: Database,
  ) {
    super();
  }

  async enter(room: RoomKey, places: readonly QueuedPlace[]): Promise<void> {
    if (places.length === 0) return;
    const kept = await ENTER.run(this.redis, keysOf(room), [LEASE_MS, ...places.flatMap(triple)]);
    if (kept !== 1) throw new NotKept(true);
  }

  async remove(room: RoomKey, places: readonly HeldPlace[]): Promise<void> {
    if (places.length === 0) return;
    const pairs = places.flatMap(({ userId, queueId }) => [userId, queueId]);
    const kept = await REMOVE.run(this.redis, keysOf(room), pairs);
    if (kept !== 1) throw new NotKept(true);
  }

  async stand(room: RoomKey, userId: Uuid): Promise<Standing | undefined> {
    const found = await STAND.run(this.redis, keysOf(room), [LEASE_MS, userId]);
    if (typeof found === 'string') throw new NotKept(found === '');
    if (!Array.isArray(found)) return undefined;
    const [queueId, rank, waiting] = found as [string, number, number];
    return { queueId, ahead: rank < 0 ? null : rank, waiting };
  }

  async silent(room: RoomKey, limit: number): Promise<readonly HeldPlace[]> {
    const found = await SILENT.run(this.redis, keysOf(room), [limit, BELIEVED_MS]);
    if (typeof found === 'string') throw new NotKept(found === '');
    return (found as [Uuid, Uuid][]).map(([userId, queueId]) => ({ userId, queueId }));
  }

  async reread(room: RoomKey): Promise<void> {
    await this.redis.del(stateOf(room));
    await this.fill(room);
  }

  async check(room: RoomKey): Promise<void> {
    if ((await this.redis.get(stateOf(room))) !== 'ready') return;
    const name = nameOf(room);
    const before = await this.lengths(room);
    const [found] = await this.database.read(room.tenantId, [waitingCountReading(room)]);
    const truth = found?.rows[0] as unknown as Lengths;
    // Who was stored just now is told of in a moment.
    await sleep(250);
    const after = await this.lengths(room);
    const fits = (which: keyof Lengths) =>
      truth[which] >= Math.min(before[which], after[which]) &&
      truth[which] <= Math.max(before[which], after[which]);
    if (fits('waiting') && fits('ordered')) this.suspected.delete(name);
    else if (this.suspected.delete(name)) await this.reread(room);
    else this.suspected.add(name);
  }

  /** Fills in what Postgres knows, unless another process is at it or it is there already. */
  async fill(room: RoomKey): Promise<void> {
    const name = nameOf(room);
    if (this.filling.has(name)) return;
    this.filling.add(name);
    try {
      await this.load(room);
    } finally {
      this.filling.delete(name);
    }
  }

  private async load(room: RoomKey): Promise<void> {
    const id = newId();
    const keys = keysOf(room);
    let goesOn = (await BEGIN.run(this.redis, keys, [id, PATIENCE_MS])) === 1;
    for (let after: Uuid | undefined = FIRST; goesOn && after !== undefined;) {
      const page: readonly QueuedPlace[] = await this.read(room, after);
      const values = [id, PATIENCE_MS, LEASE_MS, ...page.flatMap(triple)];
      goesOn = (await LOAD.run(this.redis, keys, values)) === 1;
      after = page.length === PAGE ? page.at(-1)?.queueId : undefined;
    }
    if (goesOn) await FINISH.run(this.redis, keys, [id, BELIEVED_MS]);
  }

  private async read(room: RoomKey, after: Uuid): Promise<readonly QueuedPlace[]> {
    const [found] = await this.database.read(room.tenantId, [
      waitingPlacesReading(room, after, PAGE),
    ]);
    return (found?.rows ?? []).map((row) => ({
      queueId: row.queue_id as string,
      userId: row.user_id as string,
      ordinal: row.ordinal === null ? null : Number(row.ordinal),
    }));
  }

  private async lengths(room: RoomKey): Promise<Lengths> {
    const [waiting, ordered] = await Promise.all([
      this.redis.hlen(keyOf(room, 'ids')),
      this.redis.zcard(keyOf(room, 'line')),
    ]);
    return { waiting, ordered };
  }
}

/** How many wait, and how many of them in an order that is drawn. */
interface Lengths {
  readonly waiting: number;
  readonly ordered: number;
}

const keyOf = (room: RoomKey, what: string) => `waiting-room:{${nameOf(room)}}:${what}`;
const stateOf = (room: RoomKey) => keyOf(room, 'state');
const keysOf = (room: RoomKey) =>
  ['state', 'line', 'ids', 'leases', 'gone'].map((what) => keyOf(room, what));

const triple = ({ userId, queueId, ordinal }: QueuedPlace) => [userId, queueId, ordinal ?? ''];
