import type { Uuid } from '../ids.js';
import type { JsonObject } from '../outbox/integration-event.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { Job } from './job.js';
import type { WorkTable } from './work-table.js';

/** A job that this process alone may do until its lease ends. */
export interface ClaimedJob extends Job {
  readonly kind: string;
  readonly leaseUntil: Date;
  readonly createdAt: Date;
}

/** The table of one queue's jobs. Every queue has a claim of its own, so that none starves another. */
export const jobsOf = (queue: string): WorkTable => ({
  table: 'jobs',
  scope: `queue = '${queue}'`,
  open: `status = 'pending'`,
  leaseSeconds: 25,
  atOnce: 10,
});

export function claimedJob(row: Record<string, unknown>): ClaimedJob {
  return {
    tenantId: row.tenant_id as Uuid,
    id: row.id as Uuid,
    kind: row.kind as string,
    payload: row.payload as JsonObject,
    attempts: row.attempts as number,
    leaseUntil: row.lease_until as Date,
    createdAt: row.created_at as Date,
    ...(row.correlation_id === null ? {} : { correlationId: row.correlation_id as string }),
  };
}

/** What the guards below say. */
export const LEASE_LOST = 'the lease of a job has been lost';

/** Stops the transaction when the lease is another process's by now. */
export function finish({ tenantId, id, leaseUntil }: ClaimedJob): Statement {
  return sql`
    WITH finished AS (
      UPDATE jobs SET status = 'done', finished_at = now(), lease_until = NULL, last_error = NULL
      WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'pending'
        AND lease_until = ${leaseUntil}
      RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM finished), ${LEASE_LOST})`;
}

/** How a try that came to nothing is noted. */
export interface Setback {
  readonly error: string;
  readonly counts: boolean;
  /** Seconds until the next try; none left: the job has failed. */
  readonly delaySeconds: number | undefined;
}

/** As `finish`: nothing of it when the lease is another process's by now. */
export function putBack({ tenantId, id, leaseUntil }: ClaimedJob, setback: Setback): Statement {
  const { error, counts, delaySeconds } = setback;
  return sql`
    WITH put_back AS (
      UPDATE jobs SET attempts = attempts + ${counts ? 1 : 0}::integer, last_error = ${error},
        lease_until = NULL,
        -- What is not the job's fault is asked ever more seldom, up to every five minutes.
        next_attempt_at = now() + make_interval(secs => CASE WHEN ${counts}::boolean
          THEN ${delaySeconds ?? 0}::float8 ELSE greatest(${delaySeconds ?? 0}::float8,
            least(300, extract(epoch FROM now() - created_at)::float8 / 10)) END),
        status = CASE WHEN ${delaySeconds === undefined}::boolean THEN 'failed' ELSE status END,
        finished_at = CASE WHEN ${delaySeconds === undefined}::boolean THEN now() END
      WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'pending'
        AND lease_until = ${leaseUntil}
      RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM put_back), ${LEASE_LOST})`;
}
