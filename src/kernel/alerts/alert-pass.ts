import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { failpoint } from '../failpoints/failpoints.js';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import { AlertChannel, ChannelAway } from './alert-channel.js';
import {
  type ClaimedAlert,
  claimAlerts,
  claimedAlert,
  noteTold,
  noteUntold,
} from './alert-rows.js';
import { Alerts } from './alerts.js';
import { findDeadLetters, findOpenItems } from './found-alerts.js';

/** The name that `PeriodicTasks.nudge` knows. */
export const ALERT_PASS = 'alerts';

const EVERY_MS = 5_000;
/** Seconds before the next try while the channel is away. */
const RETRY = [5, 15, 60, 300];

/**
 * Finds what operators must hear of and tells them, in one message a pass: whatever bursts, a channel
 * gets twelve a minute at the most, and one about the same every `ALERT_EVERY_SECONDS`. A process
 * that dies with a message on its way tells it again; none is lost.
 */
@Injectable()
export class AlertPass implements OnApplicationBootstrap {
  private readonly log = new Logger('Alerts');

  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
    private readonly alerts: Alerts,
    private readonly channel: AlertChannel,
    @Inject(CONFIG) private readonly config: Pick<Config, 'alerts' | 'platform'>,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic(ALERT_PASS, EVERY_MS, () => this.pass()));
  }

  /** Answers how many alerts it told. */
  async pass(): Promise<number> {
    const { tenantId } = this.config.platform;
    const [, , claimed] = await this.database.asWorker([
      findOpenItems(tenantId, this.alerts.origin('open items')),
      findDeadLetters(tenantId, this.alerts.origin('outbox')),
      claimAlerts(),
    ]);
    const due = (claimed?.rows ?? []).map(claimedAlert);
    if (due.length === 0) return 0;
    due.sort((a, b) => a.severity.localeCompare(b.severity) || a.key.localeCompare(b.key));
    return (await this.tell(due)) ? due.length : 0;
  }

  private async tell(due: readonly ClaimedAlert[]): Promise<boolean> {
    try {
      await this.channel.post(due);
    } catch (error) {
      await this.database.asWorker([this.setback(due, error)]);
      return false;
    }
    await failpoint('alert.after_post');
    await this.database.asWorker([noteTold(due, this.config.alerts.everySeconds)]);
    return true;
  }

  private setback(due: readonly ClaimedAlert[], error: unknown) {
    const tries = Math.max(...due.map(({ attempts }) => attempts));
    const backOff = RETRY[Math.min(tries, RETRY.length - 1)] ?? 0;
    const wish = error instanceof ChannelAway ? (error.retryAfterSeconds ?? 0) : 0;
    const keys = due.map(({ key }) => key);
    this.log.error({ msg: 'alerts could not be told and will be tried again', keys, err: error });
    return noteUntold(due, String(error).slice(0, 500), Math.max(backOff, wish));
  }
}
