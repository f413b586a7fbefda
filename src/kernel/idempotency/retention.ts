import { retention } from '../retention/retention-rule.js';

/**
 * Keys are forgotten when their lifetime is over and their answer is final: until then a replay is
 * answered, and a key whose outcome is open is bound to its object for ever.
 */
export const IDEMPOTENCY_RETENTION = retention({
  table: 'payment_idempotency',
  key: ['tenant_id', 'user_id', 'operation', 'idempotency_key'],
  what: 'delete',
  olderThan: { column: 'expires_at', age: '0 seconds' },
  where: 'r.status_code IS NOT NULL',
});
