import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BacklogGauge } from './backlog-gauge.js';
import { OutboxBacklogHandler } from './outbox-backlog.js';
import { RedriveDeadLettersHandler } from './redrive-dead-letters.js';
import { OutboxRelay } from './relay.js';
import { OutboxRetention } from './retention.js';
import { Subscribers } from './subscribers.js';

/** Needs `Database` and `PeriodicTasks`. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Subscribers,
    OutboxRelay,
    OutboxRetention,
    BacklogGauge,
    OutboxBacklogHandler,
    RedriveDeadLettersHandler,
  ],
  exports: [Subscribers],
})
export class OutboxModule {}
