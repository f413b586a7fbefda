import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { outboxLagSeconds, registry } from '../observability/metrics.js';
import { OutboxBacklogHandler } from './outbox-backlog.js';

const EVERY_MS = 5_000;
const registers = [registry];

const brokerLagSeconds = new Gauge({
  name: 'broker_lag_seconds',
  help: 'Age of the oldest event that waits for the message broker alone',
  registers,
});
const deadLetters = new Gauge({
  name: 'dead_letters',
  help: 'Events that a subscriber has rejected for good, over all tenants',
  registers,
});

/** Keeps true how old what is not delivered is, and how many events are dead letters. */
@Injectable()
export class BacklogGauge implements OnApplicationBootstrap {
  constructor(
    private readonly backlog: OutboxBacklogHandler,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(
      new Periodic('outbox backlog gauge', EVERY_MS, async () => {
        const backlog = await this.backlog.execute();
        outboxLagSeconds.set(backlog.unheard.oldestAgeSeconds);
        brokerLagSeconds.set(backlog.unforwarded.oldestAgeSeconds);
        deadLetters.set(backlog.deadLetters);
      }),
    );
  }
}
