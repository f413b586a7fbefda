import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnModuleInit,
} from '@nestjs/common';
import {
  PeriodicTasks,
  workOn,
  type WorkRef,
  type WorkSource,
  WorkSources,
} from '../../kernel/jobs/index.js';
import { withTraceparent } from '../../kernel/observability/trace-context.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import { Deliverer } from './deliverer.js';
import { type ClaimedDelivery, claimedDelivery, LEASE_LOST } from './delivery-rows.js';
import { claimFairly, LEASE_SECONDS } from './lane-rows.js';

/** The work to nudge after a commit that added a delivery. */
export const WEBHOOK_DELIVERIES = 'webhook deliveries';

/** Messages that a process has on their way at once. */
const AT_ONCE = 20;

/** A pass waits so long for what it began; what is slower goes on beside the next one. */
const PATIENCE_MS = 250;

/**
 * Sends what is due. Every endpoint is a lane of its own with few messages on their way, no pass waits
 * for a slow one, and free places go to the tenants with the least on their way. A process has only so
 * many places: while slow endpoints hold all of them, the others wait for the first that is free.
 */
@Injectable()
export class DeliveryLanes implements WorkSource, OnModuleInit, BeforeApplicationShutdown {
  readonly name = WEBHOOK_DELIVERIES;
  readonly queue = 'webhook-processing';
  readonly atOnce = AT_ONCE;
  readonly servesItself = true;
  private readonly log = new Logger(DeliveryLanes.name);
  private readonly underWay = new Set<Promise<void>>();
  private readonly rows: WorkSource;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly deliverer: Deliverer,
    private readonly tasks: PeriodicTasks,
    private readonly sources: WorkSources,
  ) {
    const table = {
      table: 'webhook_deliveries',
      open: `status = 'pending'`,
      leaseSeconds: LEASE_SECONDS,
      atOnce: AT_ONCE,
    };
    this.rows = workOn(database, { name: this.name, queue: this.queue, table }, (row) =>
      this.deliver(claimedDelivery(row)),
    );
  }

  onModuleInit(): void {
    this.sources.add(this);
  }

  /** What is on its way arrives, while there is still a database to note it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.idle();
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  async pass(overdueSeconds = 0): Promise<number> {
    const free = AT_ONCE - this.underWay.size;
    if (this.stopping || free <= 0) return 0;
    const [result] = await this.database.asWorker([claimFairly(free, overdueSeconds)]);
    const claimed = (result?.rows ?? []).map(claimedDelivery);
    const begun = Promise.all(claimed.map((delivery) => this.begin(delivery)));
    await Promise.race([begun, sleep(PATIENCE_MS, undefined, { ref: false })]);
    return claimed.length;
  }

  due(limit: number): Promise<readonly WorkRef[]> {
    return this.rows.due(limit);
  }

  take(ref: WorkRef): Promise<void> {
    return this.rows.take(ref);
  }

  counts() {
    return this.rows.counts();
  }

  private begin(delivery: ClaimedDelivery): Promise<void> {
    const run = withTraceparent(delivery.traceparent, this.name, () => this.deliver(delivery));
    const settled = run.finally(() => {
      this.underWay.delete(settled);
      // Its lane, and its place in this process, may be waited for.
      if (!this.stopping) this.tasks.nudge(this.name);
    });
    this.underWay.add(settled);
    return settled;
  }

  /** Never throws: what could not be noted is tried again when the lease has ended. */
  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    try {
      await this.deliverer.deliver(delivery);
    } catch (error) {
      const why =
        asDatabaseError(error)?.detail === LEASE_LOST
          ? 'was taken over by another process'
          : `could not be noted and comes again: ${String(error)}`;
      this.log.warn(`the webhook ${delivery.eventType} ${delivery.id} ${why}`);
    }
  }
}
