import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { RoomKey } from '../domain/room.js';
import { type PlaceReport, Standings } from '../infra/standings.js';

/**
 * Where a user stands, with their access token once they are admitted. Asking renews their lease.
 * Refuses `NOT_FOUND` whoever never had a place in this room.
 */
export class GetPlace extends Query<PlaceReport | Refusal> {
  constructor(
    readonly room: RoomKey,
    readonly userId: Uuid,
  ) {
    super();
  }
}

export const NO_PLACE = refuse('NOT_FOUND', 'You have no place in this waiting room');

@QueryHandler(GetPlace)
export class GetPlaceHandler implements IQueryHandler<GetPlace> {
  constructor(private readonly standings: Standings) {}

  async execute({ room, userId }: GetPlace): Promise<PlaceReport | Refusal> {
    return (await this.standings.report(room, userId)) ?? NO_PLACE;
  }
}
