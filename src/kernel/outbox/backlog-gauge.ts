import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { outboxLagSeconds } from '../observability/metrics.js';
import { OutboxBacklogHandler } from './outbox-backlog.js';

const EVERY_MS = 5_000;

/** Keeps `outbox_lag_seconds` true: the age of the oldest event that is not delivered. */
@Injectable()
export class BacklogGauge implements OnApplicationBootstrap {
  constructor(
    private readonly backlog: OutboxBacklogHandler,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(
      new Periodic('outbox backlog gauge', EVERY_MS, async () => {
        const { oldestAgeSeconds } = await this.backlog.execute();
        outboxLagSeconds.set(oldestAgeSeconds);
      }),
    );
  }
}
