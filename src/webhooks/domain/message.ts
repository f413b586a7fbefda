import { eventEnvelope, type IntegrationEvent } from '../../kernel/outbox/index.js';

/**
 * The body of a webhook, in the words of Standard Webhooks: `type`, `timestamp` (when it happened)
 * and `data`. Beside them the event's `id`, which repeats with every copy of it, and its place among
 * the events of its aggregate: copies and late comers are told by `id` and `sequence`.
 */
export function messageOf(event: IntegrationEvent): string {
  return JSON.stringify(eventEnvelope(event));
}
