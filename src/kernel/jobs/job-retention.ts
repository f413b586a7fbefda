import { retention } from '../retention/index.js';

/** What is done is of no use after a week; what failed or waits stays. */
export const JOB_RETENTION = retention({
  table: 'jobs',
  key: ['tenant_id', 'id'],
  what: 'delete',
  olderThan: { column: 'finished_at', age: '7 days' },
  where: `r.status = 'done'`,
});
