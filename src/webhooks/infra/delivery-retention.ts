import { retention } from '../../kernel/retention/index.js';

/** The log of deliveries goes back a month; what is still being tried stays. */
export const DELIVERY_RETENTION = retention(
  {
    table: 'webhook_deliveries',
    key: ['tenant_id', 'id'],
    what: 'delete',
    olderThan: { column: 'finished_at', age: '30 days' },
    where: `r.status <> 'pending'`,
  },
  {
    table: 'webhook_delivery_attempts',
    key: ['tenant_id', 'delivery_id', 'attempt'],
    what: 'delete',
    olderThan: { column: 'started_at', age: '30 days' },
    where: `NOT EXISTS (SELECT FROM webhook_deliveries d
      WHERE d.tenant_id = r.tenant_id AND d.id = r.delivery_id)`,
  },
);
