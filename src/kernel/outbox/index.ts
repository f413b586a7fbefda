export type { EventToPublish, IntegrationEvent, Json, JsonObject } from './integration-event.js';
export { type Backlog, OutboxBacklog } from './outbox-backlog.js';
export { OutboxModule } from './outbox.module.js';
export { publish } from './publish.js';
export { RedriveDeadLetters } from './redrive-dead-letters.js';
export { OUTBOX_RELAY } from './relay.js';
export { DurableSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.js';
export { Subscribers } from './subscribers.js';
export { failureText, isTransient } from './transient.js';
