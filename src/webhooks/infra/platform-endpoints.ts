import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config, type PlatformWebhook } from '../../kernel/config/index.js';
import { derivedId, newId, type Uuid } from '../../kernel/ids.js';
import { EventCatalogue, type Subscriber, Subscribers } from '../../kernel/outbox/index.js';
import { messageOf } from '../domain/message.js';
import { insertDelivery } from './delivery-rows.js';

/** One of the platform's services as an endpoint of every tenant. */
export interface PlatformEndpoint extends PlatformWebhook {
  readonly id: Uuid;
}

interface Service {
  readonly id: Uuid;
  readonly name: string;
  /** Undefined: this process is not configured to reach it. */
  readonly webhook: PlatformWebhook | undefined;
}

/** What the ids of the platform's endpoints are derived from. */
const PLATFORM = '0198f3a0-5c1e-7d64-b1f2-6a4c0d9e7b35';

/**
 * The ticket and order services hear of every tenant's events (Payment service spec, Service
 * Relationships), as far as the configuration names a secret for them.
 */
@Injectable()
export class PlatformEndpoints implements OnModuleInit {
  private readonly services: readonly Service[];

  constructor(
    @Inject(CONFIG) { webhooks: { ticketService, orderService } }: Config,
    private readonly subscribers: Subscribers,
    private readonly catalogue: EventCatalogue,
  ) {
    this.services = Object.entries({ ticketService, orderService }).map(([name, webhook]) => ({
      id: derivedId(PLATFORM, name),
      name,
      webhook,
    }));
  }

  /** An event that the catalogue does not have would never come: it ends the start. */
  onModuleInit(): void {
    for (const { id, name, webhook } of this.services) {
      const unknown = webhook?.events.filter((type) => !this.catalogue.has(type)) ?? [];
      if (unknown.length > 0) throw new Error(`no event is called ${unknown.join(', ')}`);
      const events = webhook?.events ?? ('catalogue' as const);
      const options = { name: `webhooks to ${name}`, events, configured: webhook !== undefined };
      this.subscribers.add(options, messagesTo(id));
    }
  }

  /** Is it the platform's, whether or not this process is configured to reach it? */
  owns(id: Uuid): boolean {
    return this.services.some((service) => service.id === id);
  }

  named(id: Uuid): PlatformEndpoint | undefined {
    const webhook = this.services.find((service) => service.id === id)?.webhook;
    return webhook && { ...webhook, id };
  }
}

/** Makes events into messages to a service; whoever is configured to reach it sends them. */
function messagesTo(endpointId: Uuid): Subscriber {
  return {
    handle: (event) => [
      insertDelivery(event.tenantId, {
        id: newId(),
        endpointId,
        eventId: event.id,
        eventType: event.type,
        body: messageOf(event),
        correlationId: event.correlationId ?? null,
        skipped: false,
      }),
    ],
  };
}
