import { retention } from '../retention/index.js';

/** What was told and has not come again for a season; what is untold stays. */
export const ALERT_RETENTION = retention({
  table: 'alerts',
  key: ['tenant_id', 'key'],
  what: 'delete',
  olderThan: { column: 'last_seen_at', age: '90 days' },
  where: 'r.told = r.seen',
});
