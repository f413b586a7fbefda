import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';

const HOUR_MS = 3_600_000;
const BATCH = 5_000;

/**
 * Forgets events 30 days after they were processed (Payment service spec, Webhook Cleanup), long
 * after a provider has stopped sending them again. What waits for a human stays.
 */
@Injectable()
export class InboxRetention implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('webhook inbox retention', HOUR_MS, () => this.pass()));
  }

  async pass(): Promise<void> {
    for (let forgotten = BATCH; forgotten === BATCH;) {
      const [result] = await this.database.asWorker([
        sql`WITH old AS MATERIALIZED (
            SELECT tenant_id, id FROM webhook_inbox
            WHERE status = 'processed' AND processed_at < now() - interval '30 days'
            LIMIT 5000 FOR UPDATE SKIP LOCKED
          )
          DELETE FROM webhook_inbox w USING old
          WHERE w.tenant_id = old.tenant_id AND w.id = old.id`,
      ]);
      forgotten = result?.rowCount ?? 0;
    }
  }
}
