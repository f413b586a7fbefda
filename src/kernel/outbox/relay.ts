import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { failpoint } from '../failpoints/failpoints.js';
import type { Uuid } from '../ids.js';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import { failedWith, SQLSTATE } from '../postgres/errors.js';
import { announcedOf, announcedReading } from './announcements.js';
import { bury, isLast } from './dead-letters/bury.js';
import { Delivery } from './delivery.js';
import { Forwarding, OUTBOX_FORWARDING } from './forwarding.js';
import {
  BATCH,
  claim,
  type ClaimedEvent,
  claimedEvents,
  type Failure,
  markHeard,
  putBack,
  settleUnheard,
} from './outbox-rows.js';
import { PublishedTypes } from './published-types.js';
import { Subscribers, type Subscription } from './subscribers.js';

/** The task to nudge after a commit that published: `tasks.nudge(OUTBOX_RELAY)`. */
export const OUTBOX_RELAY = 'outbox relay';

const GATHER_MS = 100;
const TENANTS_AT_ONCE = 4;

/** Carries committed events to durable subscribers. Any number of relays share the work. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap {
  private readonly log = new Logger(OutboxRelay.name);

  constructor(
    private readonly database: Database,
    private readonly subscribers: Subscribers,
    private readonly published: PublishedTypes,
    private readonly forwarding: Forwarding,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic(OUTBOX_RELAY, 1_000, () => this.run()));
  }

  /** Every commit may nudge: a pause after each pass turns a burst of nudges into one batch. */
  private async run(): Promise<void> {
    if ((await this.pass()) === BATCH) this.tasks.nudge(OUTBOX_RELAY);
    else await sleep(GATHER_MS);
  }

  /**
   * Delivers one batch and answers how many events it held. Between delivery and marking the
   * process may die: the events come again when their lease ends, and find themselves handled.
   */
  async pass(): Promise<number> {
    const heard = this.subscribers.heard();
    const goesOn = this.forwarding.exists;
    const [unheard, claimed, announced] = await this.database.asWorker([
      settleUnheard({ heard, published: this.published.all() }, goesOn),
      ...(heard.values.length > 0 ? [claim(heard), announcedReading()] : []),
    ]);
    if (goesOn && unheard?.rowCount) this.tasks.nudge(OUTBOX_FORWARDING);
    const events = claimedEvents(claimed);
    if (events.length === 0) return 0;
    const known = announcedOf(announced);
    const failures = await this.deliver(events, (type) => this.subscribers.of(type, known));
    await failpoint('outbox.after_delivery');
    await this.settle(events, failures);
    return events.length;
  }

  private async deliver(
    events: readonly ClaimedEvent[],
    followers: (eventType: string) => readonly Subscription[],
  ): Promise<Failure[]> {
    const tenants = [...byTenant(events)];
    const failures: Failure[] = [];
    while (tenants.length > 0) {
      const delivered = tenants
        .splice(0, TENANTS_AT_ONCE)
        .map(([tenantId, own]) => new Delivery(this.database, followers, tenantId).deliver(own));
      failures.push(...(await Promise.all(delivered)).flat());
    }
    return failures;
  }

  private async settle(events: readonly ClaimedEvent[], all: readonly Failure[]): Promise<void> {
    const failures = [...new Map(all.map((failure) => [failure.event, failure])).values()];
    const failed = new Set(failures.map(({ event }) => event));
    const heard = events.filter((event) => !failed.has(event));
    const waiting = failures.filter((failure) => !isLast(failure));
    await this.database.asWorker([
      ...(heard.length > 0 ? [markHeard(heard, this.forwarding.exists)] : []),
      ...(waiting.length > 0 ? [putBack(waiting)] : []),
    ]);
    for (const failure of failures.filter(isLast)) await this.bury(failure);
    for (const { event, error } of failures) {
      this.log.warn(`${event.type} ${event.id} was not taken: ${error}`);
    }
    if (this.forwarding.exists) this.tasks.nudge(OUTBOX_FORWARDING);
  }

  private async bury(failure: Failure): Promise<void> {
    try {
      await this.database.asWorker(bury(failure, this.forwarding.exists));
    } catch (error) {
      // Another relay has the event now: its life goes on there.
      if (!failedWith(error, SQLSTATE.guardFailed)) throw error;
    }
  }
}

function byTenant(events: readonly ClaimedEvent[]): Map<Uuid, ClaimedEvent[]> {
  const groups = new Map<Uuid, ClaimedEvent[]>();
  for (const event of events) {
    groups.set(event.tenantId, [...(groups.get(event.tenantId) ?? []), event]);
  }
  return groups;
}
