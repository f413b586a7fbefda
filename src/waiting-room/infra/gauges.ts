import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/index.js';
import { registry } from '../../kernel/observability/metrics.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';

const EVERY_MS = 15_000;
const registers = [registry];

const queued = new Gauge({
  name: 'waiting_room_queued',
  help: 'People who wait in waiting rooms, over all events',
  registers,
});
const holding = new Gauge({
  name: 'waiting_room_holding',
  help: 'People who were admitted and may buy now, over all events',
  registers,
});
export const admissionsTotal = new Counter({
  name: 'waiting_room_admissions_total',
  help: 'People admitted by this process',
  registers,
});

/** Keeps `waiting_room_queued` and `waiting_room_holding` true. */
@Injectable()
export class WaitingRoomGauges implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('waiting room gauges', EVERY_MS, () => this.measure()));
  }

  async measure(): Promise<void> {
    const [found] = await this.database.asWorker([
      sql`SELECT (SELECT count(*) FROM waiting_room_places WHERE status = 'waiting')::integer
          AS queued,
        (SELECT count(*) FROM waiting_room_access WHERE status IN ('issued', 'reserved'))::integer
          AS holding`,
    ]);
    queued.set((found?.rows[0]?.queued ?? 0) as number);
    holding.set((found?.rows[0]?.holding ?? 0) as number);
  }
}
