import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config, type PlatformWebhook } from '../../kernel/config/index.js';
import { derivedId, newId, type Uuid } from '../../kernel/ids.js';
import {
  EventCatalogue,
  type IntegrationEvent,
  type Subscriber,
  Subscribers,
} from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { messageOf } from '../domain/message.js';
import { insertDelivery } from './delivery-rows.js';

/** One of the platform's services as an endpoint of every tenant. */
export interface PlatformEndpoint extends PlatformWebhook {
  readonly id: Uuid;
}

/** What the ids of the platform's endpoints are derived from. */
const PLATFORM = '0198f3a0-5c1e-7d64-b1f2-6a4c0d9e7b35';

/**
 * The ticket and order services hear of every tenant's events (Payment service spec, Service
 * Relationships), as far as the configuration names a secret for them.
 */
@Injectable()
export class PlatformEndpoints implements Subscriber, OnModuleInit {
  private readonly ids: ReadonlySet<Uuid>;
  private readonly endpoints: readonly PlatformEndpoint[];

  constructor(
    @Inject(CONFIG) { webhooks: { ticketService, orderService } }: Config,
    private readonly subscribers: Subscribers,
    private readonly catalogue: EventCatalogue,
  ) {
    const services = Object.entries({ ticketService, orderService }).map(
      ([name, webhook]) => [derivedId(PLATFORM, name), webhook] as const,
    );
    this.ids = new Set(services.map(([id]) => id));
    this.endpoints = services.flatMap(([id, webhook]) => (webhook ? [{ ...webhook, id }] : []));
  }

  /** An event that the catalogue does not have would never come: it ends the start. */
  onModuleInit(): void {
    const events = [...new Set(this.endpoints.flatMap((endpoint) => endpoint.events))];
    const unknown = events.filter((type) => !this.catalogue.has(type));
    if (unknown.length > 0) throw new Error(`no event is called ${unknown.join(', ')}`);
    if (events.length > 0) this.subscribers.add({ name: 'platform webhooks', events }, this);
  }

  /** Is it the platform's, whether or not this process is configured to reach it? */
  owns(id: Uuid): boolean {
    return this.ids.has(id);
  }

  named(id: Uuid): PlatformEndpoint | undefined {
    return this.endpoints.find((endpoint) => endpoint.id === id);
  }

  handle(event: IntegrationEvent): readonly Statement[] {
    const body = messageOf(event);
    return this.endpoints
      .filter(({ events }) => events.includes(event.type))
      .map(({ id }) =>
        insertDelivery(event.tenantId, {
          id: newId(),
          endpointId: id,
          eventId: event.id,
          eventType: event.type,
          body,
          correlationId: event.correlationId ?? null,
          skipped: false,
        }),
      );
  }
}
