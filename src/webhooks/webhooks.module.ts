import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CONFIG, type Config } from '../kernel/config/index.js';
import { PLATFORM_TENANT, ReceiveWebhookHandler } from './commands/receive-webhook.js';
import { WebhooksController } from './http/webhooks.controller.js';
import { INBOX_RETENTION } from './infra/inbox-retention.js';
import { InboxWorker } from './infra/inbox-worker.js';
import { WebhookProviders } from './infra/webhook-providers.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [WebhooksController],
  providers: [
    {
      provide: PLATFORM_TENANT,
      useFactory: ({ platform }: Config) => platform.tenantId,
      inject: [CONFIG],
    },
    WebhookProviders,
    InboxWorker,
    INBOX_RETENTION,
    ReceiveWebhookHandler,
  ],
})
export class WebhooksModule {}
