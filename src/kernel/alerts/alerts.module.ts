import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { AlertChannel, LogChannel } from './alert-channel.js';
import { AlertPass } from './alert-pass.js';
import { ALERT_RETENTION } from './alert-retention.js';
import { Alerts } from './alerts.js';
import { SlackChannel } from './slack-channel.js';

/** Alerts to Slack when `SLACK_BOT_TOKEN` is set, to the log otherwise. Needs `Database` and `PeriodicTasks`. */
@Global()
@Module({
  providers: [
    {
      provide: AlertChannel,
      inject: [CONFIG],
      useFactory: ({ alerts }: Config) =>
        alerts.slack ? new SlackChannel(alerts.slack) : new LogChannel(),
    },
    Alerts,
    AlertPass,
    ALERT_RETENTION,
  ],
  exports: [Alerts, AlertPass],
})
export class AlertsModule {}
