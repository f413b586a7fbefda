import { Query } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';

/** `high`: it sells to those whom its waiting room admits, and to nobody else. */
export type EventDemand = 'high' | 'usual' | 'no_event';

/**
 * How an event of the tenant sells at an instant, as far as is decided now. Answered by whoever knows
 * the catalogue and the settings; throws `TICKET_SERVICE_UNAVAILABLE` while nobody can tell.
 */
export class GetEventDemand extends Query<EventDemand> {
  constructor(
    readonly tenantId: Uuid,
    readonly eventId: Uuid,
    readonly at: Date,
  ) {
    super();
  }
}
