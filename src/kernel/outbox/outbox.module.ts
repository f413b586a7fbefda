import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Announcements } from './announcements.js';
import { BacklogGauge } from './backlog-gauge.js';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { EventCatalogue } from './catalogue/event-catalogue.js';
import { ListEventTypesHandler } from './catalogue/list-event-types.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { ListDeadLettersHandler } from './dead-letters/list-dead-letters.js';
import {
  RedriveDeadLetterHandler,
  RedriveDeadLettersHandler,
} from './dead-letters/redrive-dead-letters.js';
import { Forwarding } from './forwarding.js';
import { OutboxBacklogHandler } from './outbox-backlog.js';
import { PublishedTypes } from './published-types.js';
import { OutboxRelay } from './relay.js';
import { OUTBOX_RETENTION } from './retention.js';
import { RetryStuckEventsHandler } from './retry-stuck-events.js';
import { Subscribers } from './subscribers.js';

/** Needs `Database` and `PeriodicTasks`. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [CatalogueController, DeadLettersController],
  providers: [
    Subscribers,
    EventCatalogue,
    ListEventTypesHandler,
    PublishedTypes,
    OutboxRelay,
    Announcements,
    Forwarding,
    OUTBOX_RETENTION,
    BacklogGauge,
    OutboxBacklogHandler,
    ListDeadLettersHandler,
    RedriveDeadLetterHandler,
    RedriveDeadLettersHandler,
    RetryStuckEventsHandler,
  ],
  exports: [Subscribers, EventCatalogue, PublishedTypes, Forwarding],
})
export class OutboxModule {}
