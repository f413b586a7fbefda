import { retention } from '../../kernel/retention/index.js';

/** Signals are deleted when their own time is over, whatever became of the purchase. */
export const SIGNAL_RETENTION = retention({
  table: 'purchase_signals',
  key: ['tenant_id', 'payment_id'],
  what: 'delete',
  olderThan: { column: 'expires_at', age: '0 seconds' },
  where: 'true',
});
