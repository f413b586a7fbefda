import { retention } from '../retention/retention-rule.js';

/**
 * Events are forgotten a week after they were delivered, and so is who had them: an event that is
 * gone never comes again. Dead letters, and what a redrive of them needs, stay.
 */
export const OUTBOX_RETENTION = retention({
  table: 'outbox',
  key: ['tenant_id', 'event_id'],
  what: 'delete',
  olderThan: { column: 'processed_at', age: '7 days' },
  where: `NOT EXISTS (
    SELECT FROM outbox_dlq d WHERE d.tenant_id = r.tenant_id AND d.event_id = r.event_id)`,
  companions: ['event_inbox'],
});
