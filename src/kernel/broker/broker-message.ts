import type { Options } from 'amqplib';
import { eventEnvelope } from '../outbox/event-envelope.js';
import type { ClaimedEvent } from '../outbox/outbox-rows.js';

/** An event as it goes over the wire. */
export interface BrokerMessage {
  /** The event's type, so that `payment.*` binds to what happens to payments. */
  readonly routingKey: string;
  /** The envelope as JSON. */
  readonly content: Buffer;
  readonly properties: Options.Publish;
}

/**
 * Persistent, with the event's id as `messageId`: an event may come twice, and then under the same.
 * `mandatory` makes the broker say when no queue was bound to it.
 */
export function messageOf(event: ClaimedEvent): BrokerMessage {
  const { id, tenantId, type, version, aggregateType, aggregateId, correlationId } = event;
  return {
    routingKey: type,
    content: Buffer.from(JSON.stringify(eventEnvelope(event))),
    properties: {
      messageId: id,
      type,
      // In seconds, as AMQP 0-9-1 says; the envelope has the exact time.
      timestamp: Math.floor(event.occurredAt.getTime() / 1_000),
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      persistent: true,
      mandatory: true,
      ...(correlationId !== undefined && { correlationId }),
      headers: {
        tenant: tenantId,
        version,
        aggregateType,
        aggregateId,
        ...(event.sequence !== undefined && { sequence: event.sequence }),
        ...(event.traceparent !== null && { traceparent: event.traceparent }),
      },
    },
  };
}
