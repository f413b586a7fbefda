import { Module } from '@nestjs/common';
import { describeEvents } from '../kernel/outbox/index.js';
import { ChangeEndpointHandler } from './commands/change-endpoint.js';
import { CreateEndpointHandler } from './commands/create-endpoint.js';
import { RedeliverHandler } from './commands/redeliver.js';
import { RedeliverRangeHandler } from './commands/redeliver-range.js';
import { RemoveEndpointHandler } from './commands/remove-endpoint.js';
import { RotateSecretHandler } from './commands/rotate-secret.js';
import { SendTestHandler } from './commands/send-test.js';
import { WebhookDeliveriesController } from './http/webhook-deliveries.controller.js';
import { WebhookEndpointsController } from './http/webhook-endpoints.controller.js';
import { AddressPolicy } from './infra/address-policy.js';
import { Deliverer } from './infra/deliverer.js';
import { DeliveryLanes } from './infra/delivery-lanes.js';
import { DELIVERY_RETENTION } from './infra/delivery-retention.js';
import { DeliveryTargets } from './infra/delivery-targets.js';
import { EndpointSecrets } from './infra/endpoint-secrets.js';
import { EndpointWishes } from './infra/endpoint-wishes.js';
import { EventFanOut } from './infra/event-fan-out.js';
import { PlatformEndpoints } from './infra/platform-endpoints.js';
import { WebhookSender } from './infra/webhook-sender.js';
import { GetDeliveryHandler } from './queries/get-delivery.js';
import { GetEndpointHandler } from './queries/get-endpoint.js';
import { ListDeliveriesHandler } from './queries/list-deliveries.js';
import { ListEndpointsHandler } from './queries/list-endpoints.js';
import { WEBHOOK_EVENTS } from './webhooks.contract.js';

const handlers = [
  CreateEndpointHandler,
  ChangeEndpointHandler,
  RemoveEndpointHandler,
  RotateSecretHandler,
  SendTestHandler,
  RedeliverHandler,
  RedeliverRangeHandler,
  GetEndpointHandler,
  ListEndpointsHandler,
  GetDeliveryHandler,
  ListDeliveriesHandler,
];

/** Webhooks to tenants and to the platform's services. Needs the `Vault`, the outbox and the jobs. */
@Module({
  controllers: [WebhookEndpointsController, WebhookDeliveriesController],
  providers: [
    ...handlers,
    describeEvents(...WEBHOOK_EVENTS),
    DELIVERY_RETENTION,
    AddressPolicy,
    EndpointWishes,
    EndpointSecrets,
    PlatformEndpoints,
    EventFanOut,
    DeliveryTargets,
    WebhookSender,
    Deliverer,
    DeliveryLanes,
  ],
})
export class OutboundWebhooksModule {}
