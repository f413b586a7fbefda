import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';

/**
 * Keeps balances cheap to read: sums entries up to the oldest running transaction once a second.
 * Any number of processes may try, one does it. The first pass comes before the first request, so
 * that a database restored into another cluster is summed afresh before anything reads it.
 */
@Injectable()
export class RollUp implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.pass();
    this.tasks.add(new Periodic('ledger roll-up', 1_000, () => this.pass()));
  }

  private async pass(): Promise<void> {
    await this.database.asWorker([sql`SELECT ledger_roll_up()`]);
  }
}
