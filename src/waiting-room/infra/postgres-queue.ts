import type { Uuid } from '../../kernel/ids.js';
import type { Database } from '../../kernel/postgres/database.js';
import { CommitUnknown } from '../../kernel/postgres/errors.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { LEASE_SECONDS, type RoomKey } from '../domain/room.js';
import { MicroBatch } from './micro-batch.js';
import { type Block, type Blocks, blocksOf, rankIn } from './rank-blocks.js';
import { nameOf } from './rooms.js';
import { ShortMemory } from './short-memory.js';
import { type HeldPlace, type Standing, WaitingQueue } from './waiting-queue.js';

/** Ordinals a block. A position costs one block's part of an index, however long the queue is. */
const BLOCK = 1_024;
const BLOCKS_TTL_MS = 1_000;

type Row = Readonly<Record<string, unknown>>;

/**
 * The rows of places are the queue. A position is what waits in the blocks before one's own, counted
 * once a second for everybody, and what waits before one in one's own.
 */
export class PostgresQueue extends WaitingQueue {
  private readonly blocks = new ShortMemory<Blocks>(BLOCKS_TTL_MS);
  private readonly stands = new MicroBatch<RoomKey, Uuid, Row | undefined>(nameOf, (room, users) =>
    this.askPlaces(room, users),
  );

  constructor(private readonly database: Database) {
    super();
  }

  enter(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  async stand(room: RoomKey, userId: Uuid): Promise<Standing | undefined> {
    const [blocks, place] = await Promise.all([
      this.blocks.get(nameOf(room), () => this.readBlocks(room)),
      this.stands.add(room, userId),
    ]);
    if (!place) return undefined;
    const ordinal = place.ordinal as bigint | null;
    const ahead =
      ordinal === null ? null : rankIn(blocks, blockOf(ordinal), Number(place.before_in_block));
    return { queueId: place.queue_id as Uuid, ahead, waiting: Math.max(blocks.total, 1) };
  }

  async silent(room: RoomKey, limit: number): Promise<readonly HeldPlace[]> {
    const [found] = await this.database.read(room.tenantId, [silentReading(room, limit)]);
    return (found?.rows ?? []).map((row: Row) => ({
      queueId: row.queue_id as Uuid,
      userId: row.user_id as Uuid,
    }));
  }

  reread(room: RoomKey): Promise<void> {
    this.blocks.forget(nameOf(room));
    return Promise.resolve();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  /** One connection that breaks is not to be a refusal for hundreds: they are asked for on another. */
  private async askPlaces(room: RoomKey, users: readonly Uuid[]) {
    try {
      return await this.readPlaces(room, users);
    } catch (error) {
      if (!(error instanceof CommitUnknown)) throw error;
      return this.readPlaces(room, users);
    }
  }

  /** One question for all who ask at the same time; leases that are half over begin anew on the way. */
  private async readPlaces(room: RoomKey, users: readonly Uuid[]) {
    const unique = [...new Set(users)];
    const [, found] = await this.database.transact(room.tenantId, [
      renewLeases(room, unique),
      placesReading(room, unique),
    ]);
    const rows = new Map((found?.rows ?? []).map((row: Row) => [row.user_id as Uuid, row]));
    return users.map((userId) => rows.get(userId.toLowerCase()));
  }

  private async readBlocks(room: RoomKey): Promise<Blocks> {
    const [found] = await this.database.read(room.tenantId, [blocksReading(room)]);
    return blocksOf((found?.rows ?? []).map(blockRow));
  }
}

const blockOf = (ordinal: bigint) => Number(ordinal / BigInt(BLOCK));

function blockRow(row: Row): Block {
  return {
    number: row.block === null ? null : Number(row.block),
    waiting: Number(row.waiting),
  };
}

function blocksReading({ tenantId, eventId }: RoomKey): Statement {
  return sql`SELECT ordinal / ${BLOCK}::bigint AS block, count(*)::integer AS waiting
    FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND status = 'waiting'
    GROUP BY 1`;
}

/**
 * One index fits each part, whatever a planner believes of a room that is newer than its statistics:
 * that of users where all its columns are given, and that of the order where its order is asked for.
 */
function placesReading({ tenantId, eventId }: RoomKey, userIds: readonly Uuid[]): Statement {
  return sql`SELECT p.user_id, p.queue_id, p.ordinal, (
      SELECT count(*) FROM (
        SELECT FROM waiting_room_places b
        WHERE b.tenant_id = ${tenantId}::uuid AND b.event_id = ${eventId}::uuid
          AND b.status = 'waiting' AND b.ordinal < p.ordinal
          AND b.ordinal >= p.ordinal / ${BLOCK}::bigint * ${BLOCK}::bigint
        ORDER BY b.ordinal
      ) before
    ) AS before_in_block
    FROM unnest(${userIds}::uuid[]) AS asked (user_id), LATERAL (
      SELECT q.user_id, q.queue_id, q.ordinal, q.status FROM waiting_room_places q
      WHERE q.tenant_id = ${tenantId}::uuid AND q.event_id = ${eventId}::uuid
        AND q.user_id = asked.user_id AND q.status IN ('waiting', 'admitted') OFFSET 0
    ) p WHERE p.status = 'waiting'`;
}

/** Rows that somebody is just admitting or abandoning are left alone: they would only be in the way. */
function renewLeases({ tenantId, eventId }: RoomKey, userIds: readonly Uuid[]): Statement {
  const seconds = LEASE_SECONDS.waiting;
  return sql`
    WITH due AS MATERIALIZED (
      SELECT held.queue_id FROM unnest(${userIds}::uuid[]) AS asked (user_id), LATERAL (
        SELECT q.queue_id FROM waiting_room_places q
        WHERE q.tenant_id = ${tenantId} AND q.event_id = ${eventId}
          AND q.user_id = asked.user_id AND q.status IN ('waiting', 'admitted')
          AND q.lease_until < now() + make_interval(secs => ${seconds} / 2.0)
        FOR UPDATE SKIP LOCKED
      ) held
    )
    UPDATE waiting_room_places p SET lease_until = now() + make_interval(secs => ${seconds})
    FROM due
    WHERE p.tenant_id = ${tenantId} AND p.event_id = ${eventId} AND p.queue_id = due.queue_id AND p.status = 'waiting'`;
}

function silentReading({ tenantId, eventId }: RoomKey, limit: number): Statement {
  return sql`SELECT queue_id, user_id FROM waiting_room_places
    WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND status = 'waiting'
      AND ordinal IS NOT NULL AND lease_until <= now()
    LIMIT ${limit}::integer`;
}
