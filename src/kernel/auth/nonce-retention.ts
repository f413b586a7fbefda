import { retention } from '../retention/retention-rule.js';

/** Nonces are forgotten when no signature can use them any more; a nonce is never unfinished. */
export const NONCE_RETENTION = retention({
  table: 'internal_nonces',
  key: ['tenant_id', 'service', 'nonce'],
  what: 'delete',
  olderThan: { column: 'seen_at', age: '1 hour' },
  where: 'true',
});
