import { API_VERSION } from '../state/world.js';
import type { EventRecord } from '../state/records.js';

/** https://docs.stripe.com/api/events/object */
export const renderEvent = (event: EventRecord): object => ({
  id: event.id,
  object: 'event',
  api_version: API_VERSION,
  created: event.created,
  data: {
    object: event.object,
    ...(event.previous === null ? {} : { previous_attributes: event.previous }),
  },
  livemode: false,
  pending_webhooks: event.pendingWebhooks,
  request: { id: event.requestId, idempotency_key: event.idempotencyKey },
  type: event.type,
});
