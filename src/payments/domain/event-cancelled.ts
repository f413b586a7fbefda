import { derivedId, type Uuid } from '../../kernel/ids.js';
import type { EventToPublish } from '../../kernel/outbox/index.js';

/** What others need to know of an event that will not take place; ids and facts only. */
export type EventCancelled = {
  readonly eventId: string;
  readonly venueId: string;
  /** Whether buyers get their fees back as well. */
  readonly refundFees: boolean;
};

/** `event.cancelled`: nothing of the event is sold any more, its buyers get money back. Once an event. */
export function eventCancelled(
  eventId: Uuid,
  payload: EventCancelled,
  occurredAt: Date,
): EventToPublish<EventCancelled> {
  return {
    id: derivedId(eventId, 'event.cancelled'),
    type: 'event.cancelled',
    version: 1,
    aggregateType: 'event',
    aggregateId: eventId,
    // The only event that an event of the catalogue has here.
    sequence: 1,
    occurredAt,
    payload,
  };
}
