import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';

const HOUR_MS = 3_600_000;
const BATCH = 5_000;

/**
 * Forgets events a week after they were delivered, and who had them: an event that is gone never
 * comes again. Dead letters, and what a redrive of them needs, stay.
 */
@Injectable()
export class OutboxRetention implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('outbox retention', HOUR_MS, () => this.pass()));
  }

  async pass(): Promise<void> {
    for (let forgotten = BATCH; forgotten === BATCH;) {
      const [result] = await this.database.asWorker([
        sql`WITH old AS MATERIALIZED (
            SELECT o.tenant_id, o.event_id FROM outbox o
            WHERE o.processed_at < now() - interval '7 days' AND NOT EXISTS (
              SELECT FROM outbox_dlq d WHERE d.tenant_id = o.tenant_id AND d.event_id = o.event_id)
            LIMIT 5000 FOR UPDATE SKIP LOCKED
          ), notes AS (
            DELETE FROM event_inbox i USING old
            WHERE i.tenant_id = old.tenant_id AND i.event_id = old.event_id
          )
          DELETE FROM outbox o USING old
          WHERE o.tenant_id = old.tenant_id AND o.event_id = old.event_id`,
      ]);
      forgotten = result?.rowCount ?? 0;
    }
  }
}
