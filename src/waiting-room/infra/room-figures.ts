import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Pace } from '../domain/pace.js';
import type { RoomKey } from '../domain/room.js';
import { nameOf } from './rooms.js';
import { ShortMemory } from './short-memory.js';

const SPAN_SECONDS = 60;
const SPANS = 5;
const UNKNOWN: Pace = { spanSeconds: SPAN_SECONDS, admitted: [] };
const TTL_MS = 5_000;

/** What a room looks like at this moment. */
export interface RoomFigures {
  readonly queued: number;
  /** Ever. */
  readonly admitted: number;
  /** Tokens that live, those that a payment holds included: never above the room's capacity. */
  readonly holding: number;
  /** Gave up silently, waiting or admitted. */
  readonly abandoned: number;
  readonly left: number;
  readonly purchased: number;
  /** Admitted in the last sixty seconds. */
  readonly admittedLastMinute: number;
}

/** How fast a room admits, and what an administrator sees of it. */
@Injectable()
export class RoomFiguresReader {
  private readonly log = new Logger('WaitingRoom');
  private readonly paces = new ShortMemory<Pace>(TTL_MS);

  constructor(private readonly database: Database) {}

  /** How many were admitted in the last five minutes, or since the opening; none when nobody knows. */
  async pace(room: RoomKey): Promise<Pace> {
    try {
      return await this.paces.get(nameOf(room), () => this.readPace(room));
    } catch (error) {
      this.log.warn(`how fast a room admits is not known: ${String(error)}`);
      return UNKNOWN;
    }
  }

  async figures(room: RoomKey): Promise<RoomFigures> {
    const [found] = await this.database.read(room.tenantId, [figuresReading(room)]);
    return found?.rows[0] as unknown as RoomFigures;
  }

  private async readPace(room: RoomKey): Promise<Pace> {
    const [found] = await this.database.read(room.tenantId, [paceReading(room)]);
    const [first, ...others] = found?.rows ?? [];
    if (!first) return UNKNOWN;
    const admitted = [first, ...others].map(({ count }) => count as number);
    return { spanSeconds: first.span_seconds as number, admitted };
  }
}

/**
 * One row a span. The time since the opening is divided evenly into as many minutes as it has: a
 * short rest counted as a minute of its own would show more, or less, than there was.
 */
function paceReading({ tenantId, eventId }: RoomKey): Statement {
  return sql`
    WITH covered AS (
      SELECT least(greatest(extract(epoch FROM now() - opened_at), 1),
        ${SPANS * SPAN_SECONDS}::integer)::float8 AS seconds
      FROM waiting_rooms
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
        AND opened_at IS NOT NULL
    ), counted AS (
      SELECT seconds, greatest(floor(seconds / ${SPAN_SECONDS}::integer), 1)::integer AS spans
      FROM covered
    ), cut AS (
      SELECT spans, seconds / spans AS span_seconds FROM counted
    )
    SELECT span_seconds, (
        SELECT count(*)::integer FROM waiting_room_access
        WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
          AND issued_at > now() - make_interval(secs => span_seconds * (span + 1))
          AND issued_at <= now() - make_interval(secs => span_seconds * span)
      ) AS count
    FROM cut, generate_series(0, spans - 1) AS span ORDER BY span`;
}

function figuresReading({ tenantId, eventId }: RoomKey): Statement {
  return sql`
    SELECT * FROM (
      SELECT count(*)::integer AS queued FROM waiting_room_places
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid AND status = 'waiting'
    ) waiting, (
      SELECT count(*) FILTER (WHERE status = 'abandoned')::integer AS abandoned,
        count(*) FILTER (WHERE status = 'left')::integer AS "left",
        count(*) FILTER (WHERE status = 'purchased')::integer AS purchased
      FROM waiting_room_places
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
        AND status NOT IN ('waiting', 'admitted')
    ) ended, (
      SELECT count(*)::integer AS admitted,
        count(*) FILTER (WHERE status IN ('issued', 'reserved'))::integer AS holding,
        count(*) FILTER (WHERE issued_at > now() - interval '1 minute')::integer
          AS "admittedLastMinute"
      FROM waiting_room_access
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
    ) access`;
}
