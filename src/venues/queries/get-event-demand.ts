import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../kernel/postgres/database.js';
import { type EventDemand, GetEventDemand } from '../../waiting-room/waiting-room.contract.js';
import { mergedSettings, settingsReading } from '../infra/settings-reading.js';
import { TicketCatalog } from '../infra/ticket-catalog.js';

/** What waiting rooms ask of the catalogue and the settings. */
@QueryHandler(GetEventDemand)
export class GetEventDemandHandler implements IQueryHandler<GetEventDemand> {
  constructor(
    private readonly catalog: TicketCatalog,
    private readonly database: Database,
  ) {}

  async execute({ tenantId, eventId, at }: GetEventDemand): Promise<EventDemand> {
    const event = await this.catalog.event(tenantId, eventId);
    if (event === 'not_found') return 'no_event';
    const [found] = await this.database.read(tenantId, [
      settingsReading(tenantId, event.venueId, eventId, at),
    ]);
    const { highDemand } = mergedSettings(found?.rows ?? []);
    return (highDemand ?? event.highDemand) ? 'high' : 'usual';
  }
}
