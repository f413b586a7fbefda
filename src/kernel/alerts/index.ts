export type { Alert, DueAlert, Origin, Severity } from './alert.js';
export { AlertChannel, ChannelAway } from './alert-channel.js';
export { ALERT_PASS, AlertPass } from './alert-pass.js';
export { Alerts } from './alerts.js';
export { AlertsModule } from './alerts.module.js';
