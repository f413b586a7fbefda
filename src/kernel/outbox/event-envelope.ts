import type { IntegrationEvent, JsonObject } from './integration-event.js';

/** An event as it is written for others, whichever way it reaches them. */
export interface EventEnvelope {
  /** Unique within the tenant: who has had it before may leave it. */
  readonly id: string;
  readonly type: string;
  /** Of the shape of `data`. */
  readonly version: number;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly tenantId: string;
  /** What it happened to. */
  readonly aggregate: { readonly type: string; readonly id: string };
  /** Its place among the events of its aggregate, where they have one. */
  readonly sequence?: number;
  readonly correlationId?: string;
  readonly data: JsonObject;
}

/** The same for webhooks and for the broker, so that a consumer of both can tell copies by `id`. */
export function eventEnvelope(event: IntegrationEvent): EventEnvelope {
  const { id, type, version, tenantId, sequence, correlationId } = event;
  return {
    id,
    type,
    version,
    timestamp: event.occurredAt.toISOString(),
    tenantId,
    aggregate: { type: event.aggregateType, id: event.aggregateId },
    ...(sequence !== undefined && { sequence }),
    ...(correlationId !== undefined && { correlationId }),
    data: event.payload,
  };
}
