import { Injectable } from '@nestjs/common';
import { newId, type Uuid } from '../../kernel/ids.js';
import {
  DurableSubscriber,
  type IntegrationEvent,
  type Subscriber,
} from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type WebhookEndpoint, wants } from '../domain/endpoint.js';
import { messageOf } from '../domain/message.js';
import { insertDelivery } from './delivery-rows.js';
import { endpointOf, endpointsReading } from './endpoint-rows.js';

/**
 * Turns an event into one delivery for each endpoint of its tenant that wants it. Events of tenants
 * without an endpoint never come here. A disabled endpoint's are kept as skipped, to be sent by hand.
 */
@DurableSubscriber({
  name: 'tenant webhooks',
  events: 'catalogue',
  onlyWhere: 'EXISTS (SELECT FROM webhook_endpoints e WHERE e.tenant_id = o.tenant_id)',
})
@Injectable()
export class EventFanOut implements Subscriber {
  constructor(private readonly database: Database) {}

  async handle(event: IntegrationEvent): Promise<readonly Statement[]> {
    const endpoints = await this.endpointsOf(event.tenantId);
    const body = messageOf(event);
    return endpoints
      .filter((endpoint) => wants(endpoint, event.type))
      .map(({ id, disabledReason }) =>
        insertDelivery(event.tenantId, {
          id: newId(),
          endpointId: id,
          eventId: event.id,
          eventType: event.type,
          body,
          correlationId: event.correlationId ?? null,
          skipped: disabledReason !== null,
        }),
      );
  }

  private async endpointsOf(tenantId: Uuid): Promise<WebhookEndpoint[]> {
    const [found] = await this.database.read(tenantId, [endpointsReading(tenantId)]);
    return (found?.rows ?? []).map(endpointOf);
  }
}
