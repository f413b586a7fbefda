import { retention } from '../../kernel/retention/index.js';

const INBOX = { table: 'webhook_inbox', key: ['tenant_id', 'id'] };

/**
 * Payment service spec, Webhook Cleanup: processed events are deleted after 30 days, long after a
 * provider has stopped sending them again; those that failed for good are archived after seven. What
 * is quarantined or still being tried stays.
 */
export const INBOX_RETENTION = retention(
  {
    ...INBOX,
    what: 'delete',
    olderThan: { column: 'processed_at', age: '30 days' },
    where: `r.status = 'processed'`,
  },
  {
    ...INBOX,
    what: 'archive',
    olderThan: { column: 'updated_at', age: '7 days' },
    where: `r.status = 'failed'`,
  },
);
