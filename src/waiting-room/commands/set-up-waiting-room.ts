import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { auditReading, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { Vault } from '../../kernel/crypto/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import { commitmentTo, SEED_BYTES } from '../domain/draw.js';
import type { RoomKey, RoomTerms } from '../domain/room.js';
import {
  holdRoom,
  OPENING_FIXED,
  openingGuard,
  roomBefore,
  seedContext,
  writeRoom,
} from '../infra/room-rows.js';
import { Rooms } from '../infra/rooms.js';
import { GetEventDemand } from '../queries/get-event-demand.js';
import { GetWaitingRoom, type RoomReport } from '../queries/get-waiting-room.js';

/**
 * Gives an event a waiting room, or changes its terms. The first time the seed of the draw is made,
 * and its hash is public from then on. Refuses `NOT_FOUND` events that the tenant does not have, and
 * `CONFLICT` another opening of a room that has opened, and events that are not in high demand at the
 * opening by the settings of now: they would sell to everybody, past the room.
 */
export class SetUpWaitingRoom extends Command<RoomReport | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly eventId: Uuid,
    readonly terms: RoomTerms,
  ) {
    super();
  }
}

const NO_EVENT = refuse('NOT_FOUND', 'There is no such event');
const NOT_DEMANDED = refuse(
  'CONFLICT',
  'The event is not in high demand at opensAt and would be sold past its waiting room: set ' +
    'highDemand in its settings (PUT /api/v1/events/{eventId}/settings) first.',
);
const HAS_OPENED = refuse('CONFLICT', 'The waiting room has opened: opensAt stays what it was');

@CommandHandler(SetUpWaitingRoom)
export class SetUpWaitingRoomHandler implements ICommandHandler<SetUpWaitingRoom> {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly rooms: Rooms,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, eventId, terms }: SetUpWaitingRoom): Promise<RoomReport | Refusal> {
    const key = { tenantId: principal.tenantId, eventId };
    const demand = await this.queries.execute(this.demandOf(key, terms));
    if (demand === 'no_event') return NO_EVENT;
    if (demand === 'usual') return NOT_DEMANDED;
    const audited = {
      actor: userActor(principal),
      action: 'waiting_room.set_up',
      object: { type: 'waiting_room', id: eventId },
      after: terms,
    };
    try {
      await this.database.transact(key.tenantId, [
        holdRoom(key),
        openingGuard(key, terms.opensAt),
        auditReading(key.tenantId, audited, roomBefore(key)),
        writeRoom(key, terms, this.newSeed(key)),
      ]);
    } catch (error) {
      if (asDatabaseError(error)?.detail === OPENING_FIXED) return HAS_OPENED;
      throw error;
    }
    this.rooms.forget(key);
    return this.queries.execute(new GetWaitingRoom(key));
  }

  /** Settings may be decided for later: what counts is how it sells once the room is open. */
  private demandOf({ tenantId, eventId }: RoomKey, { opensAt }: RoomTerms): GetEventDemand {
    const now = this.clock.now();
    return new GetEventDemand(tenantId, eventId, opensAt > now ? opensAt : now);
  }

  private newSeed(key: RoomKey) {
    const seed = randomBytes(SEED_BYTES);
    const sealed = this.vault.encrypt(seed.toString('hex'), seedContext(key));
    return { commitment: commitmentTo(seed), sealed };
  }
}
