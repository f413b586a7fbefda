import { retention } from '../../kernel/retention/index.js';

/**
 * Banks take money back for 540 days at the most (network rules on disputes): as long decisions and
 * what became of them are of use, and no longer, for they hold addresses and devices.
 */
const DISPUTABLE = '540 days';

export const FRAUD_RETENTION = retention(
  {
    table: 'fraud_checks',
    key: ['tenant_id', 'id'],
    what: 'delete',
    olderThan: { column: 'timestamp', age: DISPUTABLE },
    where: 'true',
  },
  {
    table: 'fraud_labels',
    key: ['tenant_id', 'payment_id', 'label'],
    what: 'delete',
    olderThan: { column: 'updated_at', age: DISPUTABLE },
    where: `r.outcome IS DISTINCT FROM 'open'`,
  },
  {
    table: 'device_activity',
    key: ['tenant_id', 'id'],
    what: 'delete',
    olderThan: { column: 'timestamp', age: DISPUTABLE },
    where: 'true',
  },
  {
    table: 'bot_detections',
    key: ['tenant_id', 'id'],
    what: 'delete',
    olderThan: { column: 'created_at', age: '90 days' },
    where: 'true',
  },
  {
    table: 'fraud_lists',
    key: ['tenant_id', 'id'],
    what: 'delete',
    olderThan: { column: 'until', age: '30 days' },
    where: 'true',
  },
  {
    table: 'known_scalpers',
    key: ['tenant_id', 'id'],
    what: 'delete',
    olderThan: { column: 'removed_at', age: DISPUTABLE },
    where: 'true',
  },
);
