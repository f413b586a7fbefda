import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { registry } from '../../observability/metrics.js';
import { Periodic, PeriodicTasks } from '../periodic.js';
import { WorkSources } from '../work-source.js';

const EVERY_MS = 15_000;

const queueJobs = new Gauge({
  name: 'queue_jobs',
  help: 'Work by queue, source and state (waiting, active, delayed, failed), over all tenants',
  labelNames: ['queue', 'source', 'state'],
  registers: [registry],
});

/** Keeps `queue_jobs` true, in processes that do background work. */
@Injectable()
export class QueueGauge implements OnApplicationBootstrap {
  constructor(
    private readonly sources: WorkSources,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('queue gauge', EVERY_MS, () => this.measure()));
  }

  async measure(): Promise<void> {
    for (const source of this.sources.all()) {
      const counts = Object.entries(await source.counts()) as [string, number][];
      const labels = { queue: source.queue, source: source.name };
      for (const [state, count] of counts) queueJobs.set({ ...labels, state }, count);
    }
  }
}
