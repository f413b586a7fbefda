import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BacklogGauge } from './backlog-gauge.js';
import { OutboxBacklogHandler } from './outbox-backlog.js';
import { RedriveDeadLettersHandler } from './redrive-dead-letters.js';
import { OutboxRelay } from './relay.js';
import { OUTBOX_RETENTION } from './retention.js';
import { RetryStuckEventsHandler } from './retry-stuck-events.js';
import { Subscribers } from './subscribers.js';

/** Needs `Database` and `PeriodicTasks`. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Subscribers,
    OutboxRelay,
    OUTBOX_RETENTION,
    BacklogGauge,
    OutboxBacklogHandler,
    RedriveDeadLettersHandler,
    RetryStuckEventsHandler,
  ],
  exports: [Subscribers],
})
export class OutboxModule {}
