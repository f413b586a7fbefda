import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';

const HOUR_MS = 3_600_000;
const BATCH = 1_000;

/** Deletes signals whose time is over, in small transactions; hourly, as a process may not live a day. */
@Injectable()
export class SignalRetention implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('purchase signals retention', HOUR_MS, () => this.pass()));
  }

  async pass(): Promise<void> {
    for (let deleted = BATCH; deleted === BATCH;) {
      const [result] = await this.database.asWorker([
        sql`WITH over AS MATERIALIZED (
            SELECT tenant_id, payment_id FROM purchase_signals WHERE expires_at < now()
            LIMIT 1000 FOR UPDATE SKIP LOCKED
          )
          DELETE FROM purchase_signals s USING over
          WHERE s.tenant_id = over.tenant_id AND s.payment_id = over.payment_id`,
      ]);
      deleted = result?.rowCount ?? 0;
    }
  }
}
