import { Injectable, Logger } from '@nestjs/common';
import type { DueAlert } from './alert.js';
import { alertText } from './alert-text.js';

/** Where operators read. */
export abstract class AlertChannel {
  /**
   * Resolves when the message stands where operators read it. Throws `ChannelAway` when it may not;
   * the same alerts then come again.
   */
  abstract post(alerts: readonly DueAlert[]): Promise<void>;
}

/** The message may not have arrived. */
export class ChannelAway extends Error {
  constructor(
    message: string,
    /** How long the channel wants to be left alone. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'ChannelAway';
  }
}

/** Alerts as lines of the log, for whoever watches that. */
@Injectable()
export class LogChannel extends AlertChannel {
  private readonly log = new Logger('Alerts');

  post(alerts: readonly DueAlert[]): Promise<void> {
    for (const alert of alerts) {
      const { key, severity, origin, fresh, seen, details } = alert;
      const line = { msg: alertText([alert]), key, severity, origin, fresh, seen, details };
      this.log[severity === 'critical' ? 'error' : 'warn'](line);
    }
    return Promise.resolve();
  }
}
