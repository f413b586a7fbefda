import { retention } from '../../kernel/retention/index.js';

/** No event is on sale for so long; what was counted for it is of no more use then. */
const AGE = '2 years';

export const LIMIT_RETENTION = [
  retention({
    table: 'purchase_limit_reservations',
    key: ['tenant_id', 'payment_id'],
    what: 'delete',
    olderThan: { column: 'created_at', age: AGE },
    where: `r.stage <> 'reserved'`,
  }),
  retention({
    table: 'purchase_limit_counters',
    key: ['tenant_id', 'event_id', 'kind', 'subject'],
    what: 'delete',
    olderThan: { column: 'updated_at', age: AGE },
    where: 'r.reserved = 0',
  }),
];
