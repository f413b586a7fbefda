import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { failpoint } from '../failpoints/failpoints.js';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import type { Forwarder } from './forwarder.js';
import { claimUnforwarded, letRest, markForwarded, settleForsaken } from './forwarding-rows.js';
import { BATCH, claimedEvents } from './outbox-rows.js';

/** The task to nudge when there is something to forward, or somebody to take it again. */
export const OUTBOX_FORWARDING = 'outbox forwarding';

const EVERY_MS = 1_000;
const WITHOUT_FORWARDER_MS = 60_000;

/**
 * Carries events onwards that their subscribers have had, and only then are they processed. It has
 * its own queue and its own pace: a broker that is away delays no subscriber and costs no attempt.
 */
@Injectable()
export class Forwarding implements OnApplicationBootstrap {
  private forwarder: Forwarder | undefined;

  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  /** Is there a forwarder, up or not: do events go on when their subscribers have had them? */
  get exists(): boolean {
    return this.forwarder !== undefined;
  }

  /** To be called while modules start. There is one forwarder: who needs events elsewhere binds there. */
  use(forwarder: Forwarder): void {
    if (this.forwarder) throw new Error('two forwarders of events were given');
    this.forwarder = forwarder;
  }

  onApplicationBootstrap(): void {
    const everyMs = this.exists ? EVERY_MS : WITHOUT_FORWARDER_MS;
    this.tasks.add(new Periodic(OUTBOX_FORWARDING, everyMs, () => this.run()));
  }

  private async run(): Promise<void> {
    if ((await this.pass()) === BATCH) this.tasks.nudge(OUTBOX_FORWARDING);
  }

  /** Forwards one batch and answers how many events were taken. */
  async pass(): Promise<number> {
    const { forwarder } = this;
    if (!forwarder) {
      await this.database.asWorker([settleForsaken()]);
      return 0;
    }
    if (!forwarder.ready) return 0;
    const [claimed] = await this.database.asWorker([claimUnforwarded()]);
    const events = claimedEvents(claimed);
    if (events.length === 0) return 0;
    const taken = new Set(await forwarder.forward(events));
    await failpoint('outbox.after_forwarding');
    const rest = events.filter((event) => !taken.has(event));
    await this.database.asWorker([
      ...(taken.size > 0 ? [markForwarded([...taken])] : []),
      ...(rest.length > 0 ? [letRest(rest)] : []),
    ]);
    return taken.size;
  }
}
