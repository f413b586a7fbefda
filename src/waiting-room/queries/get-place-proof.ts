import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { inRun, pathThroughRuns, RUN } from '../domain/draw-proof.js';
import { leafHash, rootFrom } from '../domain/merkle.js';
import type { Room, RoomKey } from '../domain/room.js';
import { latestPlaceReading, placeOf } from '../infra/place-rows.js';
import { roomOf, roomReading } from '../infra/room-rows.js';
import { arrivalRankReading } from '../infra/arrivals.js';
import { rootsReading, runReading } from '../infra/drawn-runs.js';
import { NO_PLACE } from './get-place.js';

/**
 * Where a place was drawn, and the way from it to the published root: that the place is part of the
 * order with this rank. That the order is right shows who draws all of it again (`ListDrawnPlaces`).
 * Hashes are hex.
 */
export interface DrawnRank {
  /** From 1. */
  readonly rank: number;
  readonly size: number;
  readonly leaf: string;
  /** Siblings, the lowest first. */
  readonly path: readonly string[];
  readonly root: string;
}

export interface PlaceProof {
  readonly room: Room;
  readonly queueId: Uuid;
  readonly joinedAt: Date;
  /** Took, or takes, part in the draw; the others come after it in the order of their arrival. */
  readonly isEarly: boolean;
  /** Null while nothing is drawn, for those who take no part, and once what proves it is forgotten. */
  readonly drawn: DrawnRank | null;
  /** The how-manyth they were of those who came too late for the draw, from 1; null for all others. */
  readonly arrivalRank: number | null;
}

/** What proves a user's place. Refuses `NOT_FOUND` whoever never had one in this room. */
export class GetPlaceProof extends Query<PlaceProof | Refusal> {
  constructor(
    readonly key: RoomKey,
    readonly userId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetPlaceProof)
export class GetPlaceProofHandler implements IQueryHandler<GetPlaceProof> {
  constructor(private readonly database: Database) {}

  async execute({ key, userId }: GetPlaceProof): Promise<PlaceProof | Refusal> {
    const [rooms, places] = await this.database.read(key.tenantId, [
      roomReading(key),
      latestPlaceReading(key, userId),
    ]);
    const [roomRow, placeRow] = [rooms?.rows[0], places?.rows[0]];
    if (!roomRow || !placeRow) return NO_PLACE;
    const room = roomOf(roomRow);
    const { queueId, joinedAt, isEarly, ordinal } = placeOf(placeRow);
    const place = { room, queueId, joinedAt, isEarly };
    if (ordinal === null) return { ...place, drawn: null, arrivalRank: null };
    return isEarly
      ? { ...place, drawn: await this.drawn(room, queueId, ordinal), arrivalRank: null }
      : { ...place, drawn: null, arrivalRank: await this.arrivalRank(room, ordinal) };
  }

  private async arrivalRank(room: Room, ordinal: number): Promise<number> {
    const [found] = await this.database.read(room.tenantId, [arrivalRankReading(room, ordinal)]);
    return found?.rows[0]?.rank as number;
  }

  private async drawn(room: Room, queueId: Uuid, rank: number): Promise<DrawnRank | null> {
    if (!room.draw) return null;
    const { size, root } = room.draw;
    const index = rank - 1;
    const { run } = inRun(index);
    const [members, roots] = await this.database.read(room.tenantId, [
      runReading(room, run * RUN + 1, RUN),
      rootsReading(room),
    ]);
    const leaves = (members?.rows ?? []).map((row) => leafHash(row.queue_id as Uuid));
    const nodes = (roots?.rows ?? []).map((row) => row.root as Buffer);
    const leaf = leafHash(queueId);
    const path = pathThroughRuns(index, leaves, nodes);
    if (rootFrom(leaf, { index, size }, path)?.toString('hex') !== root) return null;
    return {
      rank,
      size,
      leaf: leaf.toString('hex'),
      path: path.map((hash) => hash.toString('hex')),
      root,
    };
  }
}
