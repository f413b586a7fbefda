import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { registry } from '../../kernel/observability/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';

const EVERY_MS = 15_000;
const registers = [registry];

const openDifferences = new Gauge({
  name: 'reconciliation_open_differences',
  help: 'Open differences between the provider and the books, over all tenants, by cause',
  labelNames: ['cause'],
  registers,
});
const openDifferencesCents = new Gauge({
  name: 'reconciliation_open_differences_cents',
  help: 'Provider balance less ledger balance that open differences explain, in the minor unit (cents)',
  labelNames: ['cause', 'currency'],
  registers,
});
const lastRunAge = new Gauge({
  name: 'reconciliation_last_run_age_seconds',
  help: 'Time since the last completed run, of the tenant that has waited longest',
  registers,
});

/** Keeps the reconciliation's metrics true. */
@Injectable()
export class ReconciliationGauges implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('reconciliation gauges', EVERY_MS, () => this.measure()));
  }

  async measure(): Promise<void> {
    const [found, runs] = await this.database.asWorker([
      sql`SELECT class, currency, count(*)::integer AS open, sum(cents)::bigint AS cents
        FROM reconciliation_differences WHERE resolved_at IS NULL GROUP BY class, currency`,
      sql`SELECT coalesce(max(extract(epoch FROM now() - last)), 0)::float8 AS age FROM (
          SELECT coalesce(max(completed_at), min(requested_at)) AS last
          FROM reconciliation_runs GROUP BY tenant_id) runs`,
    ]);
    openDifferences.reset();
    openDifferencesCents.reset();
    for (const { class: cause, currency, open, cents } of found?.rows ?? []) {
      openDifferences.inc({ cause: cause as string }, open as number);
      if (currency === null) continue;
      const labels = { cause: cause as string, currency: currency as string };
      openDifferencesCents.set(labels, Number(cents));
    }
    lastRunAge.set((runs?.rows[0]?.age ?? 0) as number);
  }
}
