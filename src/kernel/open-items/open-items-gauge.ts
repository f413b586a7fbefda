import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { registry } from '../observability/metrics.js';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';

const EVERY_MS = 15_000;
const registers = [registry];

const openItems = new Gauge({
  name: 'open_items',
  help: 'Items that wait for a human, over all tenants, by kind',
  labelNames: ['kind'],
  registers,
});
const openItemsCents = new Gauge({
  name: 'open_items_cents',
  help: 'Money at risk in items that wait for a human, in the minor unit (cents), by kind and currency',
  labelNames: ['kind', 'currency'],
  registers,
});

/** Keeps `open_items` and `open_items_cents` true. */
@Injectable()
export class OpenItemsGauge implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('open items gauge', EVERY_MS, () => this.measure()));
  }

  async measure(): Promise<void> {
    const [found] = await this.database.asWorker([
      sql`SELECT kind, currency, count(*)::integer AS items, sum(cents_at_risk)::bigint AS cents
        FROM open_items WHERE status = 'open' GROUP BY kind, currency`,
    ]);
    // A kind of which the last one was closed is gone, not stuck at what it was.
    openItems.reset();
    openItemsCents.reset();
    for (const { kind, currency, items, cents } of found?.rows ?? []) {
      openItems.inc({ kind: kind as string }, items as number);
      if (currency === null) continue;
      openItemsCents.set({ kind: kind as string, currency: currency as string }, Number(cents));
    }
  }
}
