import { ApiProperty } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { HEARTBEAT_SECONDS, type PlaceStatus, type Room, type RoomStatus } from '../domain/room.js';
import type { PlaceProof } from '../queries/get-place-proof.js';
import type { DrawPage } from '../queries/list-drawn-places.js';
import type { PlaceReport } from '../infra/standings.js';
import type { Place } from '../infra/place-rows.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23';
const HASH = '66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925';
const PLACES = ['waiting', 'admitted', 'purchased', 'abandoned', 'left', 'revoked'];
const ROOMS = ['scheduled', 'drawing', 'open', 'closed'];

export class EtaView {
  @ApiProperty({ example: 48 })
  fromSeconds: number;

  @ApiProperty({ example: 160 })
  toSeconds: number;
}

/** What everybody may know of the room. */
export class PublicRoomView {
  @ApiProperty({ format: 'uuid', example: ID })
  eventId: string;

  @ApiProperty({ enum: ROOMS, example: 'open' })
  room: RoomStatus;

  @ApiProperty({ format: 'date-time', example: '2031-06-01T15:00:00.000Z' })
  opensAt: string;

  @ApiProperty({
    example: HASH,
    description: 'SHA-256 of the seed of the draw, in hex: it was fixed before anybody joined.',
  })
  seedCommitment: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: HASH,
    description: 'The seed, 32 bytes in hex; null until those who came early are drawn.',
  })
  seed: string | null;
}

/** What everybody may know of the room and its draw, without a place in it. */
export class DrawnRoomView extends PublicRoomView {
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2031-06-01T15:00:01.000Z',
  })
  openedAt: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 4_000,
    description: 'How many were drawn; null until they are.',
  })
  drawSize: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: HASH,
    description: 'Merkle root (hex) of the drawn places in their order; null until they are drawn.',
  })
  drawRoot: string | null;
}

export class DrawnPlaceView {
  @ApiProperty({ example: 1, description: 'From 1.' })
  rank: number;

  @ApiProperty({ format: 'uuid', example: ID })
  queueId: string;
}

export class DrawView extends DrawnRoomView {
  @ApiProperty({
    type: [DrawnPlaceView],
    description: 'At most 1,024, in the drawn order; none until they are drawn.',
  })
  places: DrawnPlaceView[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: null,
    description: 'Given as `after`, it gets the next page; null on the last.',
  })
  next: number | null;

  @ApiProperty({ example: 'SHA-256(seed) = seedCommitment; …' })
  howToCheck: string;
}

export class PlaceView extends PublicRoomView {
  @ApiProperty({ format: 'uuid', example: ID })
  queueId: string;

  @ApiProperty({ enum: PLACES, example: 'waiting' })
  status: PlaceStatus;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 120,
    description: '1 is next; null unless you wait and the order is drawn.',
  })
  position: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 4_210, description: 'How many wait.' })
  waiting: number | null;

  @ApiProperty({
    type: EtaView,
    nullable: true,
    description: 'From how many were admitted in the last minutes; null while nobody was.',
  })
  eta: EtaView | null;

  @ApiProperty({
    example: HEARTBEAT_SECONDS,
    description: 'Ask or send a heartbeat so often; a place of which nothing is heard is given up.',
  })
  heartbeatSeconds: number;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Once you are admitted: sent as `x-access-token`, it lets you buy once.',
  })
  accessToken: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  accessTokenExpiresAt: string | null;
}

export class LeftPlaceView {
  @ApiProperty({ format: 'uuid', example: ID })
  queueId: string;

  @ApiProperty({ enum: PLACES, example: 'left' })
  status: PlaceStatus;
}

export class DrawnRankView {
  @ApiProperty({ example: 17, description: 'From 1.' })
  rank: number;

  @ApiProperty({ example: 4_210, description: 'How many were drawn.' })
  size: number;

  @ApiProperty({ example: HASH, description: 'SHA-256 of a zero byte and the queueId.' })
  leaf: string;

  @ApiProperty({
    type: [String],
    example: [HASH],
    description: 'Siblings from the leaf to the root; a node is SHA-256 of a byte 1, left, right.',
  })
  path: string[];

  @ApiProperty({ example: HASH, description: 'The same for everybody who was drawn.' })
  root: string;
}

export class PlaceProofView extends PublicRoomView {
  @ApiProperty({ format: 'uuid', example: ID })
  queueId: string;

  @ApiProperty({ format: 'date-time', example: '2031-06-01T14:00:00.000Z' })
  joinedAt: string;

  @ApiProperty({
    example: true,
    description: 'Takes part in the draw; the others follow in the order of their arrival.',
  })
  isEarly: boolean;

  @ApiProperty({ type: DrawnRankView, nullable: true })
  drawn: DrawnRankView | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: null,
    description:
      'The how-manyth to arrive, at `joinedAt`, of those who came too late for the draw. Counted by ' +
      'the operator: nothing proves it.',
  })
  arrivalRank: number | null;

  @ApiProperty({ example: 'SHA-256(seed) = seedCommitment; …' })
  howToCheck: string;
}

const HOW_TO_DRAW =
  'SHA-256(seed) = seedCommitment. The order of those drawn is that of HMAC-SHA256(seed, queueId), ' +
  'the smallest first. ';

const HOW_TO_CHECK_A_PLACE =
  HOW_TO_DRAW +
  'leaf = SHA-256(0x00, queueId); with rank - 1 as index, leaf and path give root as RFC 9162, ' +
  'section 2.1.3.2, says: your place stands in the published order with this rank. That the order ' +
  'itself is right shows the whole list, at …/draw.';

const HOW_TO_CHECK_THE_DRAW =
  HOW_TO_DRAW +
  'Sort all queueIds so: ranks must agree. The leaves SHA-256(0x00, queueId) in this order have ' +
  'drawRoot as their Merkle root (RFC 9162, section 2.1.1). Whoever joined in time finds their own ' +
  'queueId here. That every other one stands for a person is the word of the operator, who gives ' +
  'the ids.';

function publicRoom({ room }: Pick<PlaceReport, 'room'>) {
  const { eventId, status, opensAt, seedCommitment, seed } = room;
  return { eventId, room: status, opensAt: opensAt.toISOString(), seedCommitment, seed };
}

/** A room as everybody sees it; a refusal passes through. */
export function drawnRoomView(room: Room | Refusal): DrawnRoomView | Refusal {
  return isRefusal(room) ? room : drawnRoom(room);
}

/** What all views of a whole room have in common. */
export function drawnRoom(room: Room) {
  return {
    ...publicRoom({ room }),
    openedAt: room.openedAt?.toISOString() ?? null,
    drawSize: room.draw?.size ?? null,
    drawRoot: room.draw?.root ?? null,
  } satisfies DrawnRoomView;
}

export function drawView(page: DrawPage | Refusal): DrawView | Refusal {
  if (isRefusal(page)) return page;
  const places = page.places.map((place) => ({ ...place }));
  const { room, next } = page;
  return { ...drawnRoom(room), places, next, howToCheck: HOW_TO_CHECK_THE_DRAW };
}

/** A place as its holder is told of it; a refusal passes through. */
export function placeView(report: PlaceReport | Refusal): PlaceView | Refusal {
  if (isRefusal(report)) return report;
  const { queueId, status, ahead, waiting, eta, access } = report;
  return {
    ...publicRoom(report),
    queueId,
    status,
    position: ahead === null ? null : ahead + 1,
    waiting,
    eta,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    accessToken: access?.token ?? null,
    accessTokenExpiresAt: access?.expiresAt.toISOString() ?? null,
  };
}

export function leftPlaceView(place: Place | Refusal): LeftPlaceView | Refusal {
  return isRefusal(place) ? place : { queueId: place.queueId, status: place.status };
}

export function placeProofView(proof: PlaceProof | Refusal): PlaceProofView | Refusal {
  if (isRefusal(proof)) return proof;
  const { queueId, joinedAt, isEarly, drawn, arrivalRank } = proof;
  return {
    ...publicRoom(proof),
    queueId,
    joinedAt: joinedAt.toISOString(),
    isEarly,
    drawn: drawn && { ...drawn, path: [...drawn.path] },
    arrivalRank,
    howToCheck: HOW_TO_CHECK_A_PLACE,
  };
}
