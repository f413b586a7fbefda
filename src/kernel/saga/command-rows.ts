import type { Uuid } from '../ids.js';
import type { JsonObject } from '../outbox/index.js';
import type { Result } from '../postgres/pipeline.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { SagaCommandMeta } from './saga-commands.js';

/** Rejections after which a command needs a human. */
const MAX_REJECTIONS = 5;

/** How many commands run at once in a process; the claim's LIMIT is literal for a stable plan. */
export const BATCH = 10;

/** A command that this process alone may execute until its lease ends. */
export interface ClaimedCommand {
  readonly type: string;
  readonly payload: JsonObject;
  readonly meta: SagaCommandMeta;
  readonly leaseUntil: Date;
}

/** The lease is longer than any command takes: every socket in one has its own timeout. */
export const CLAIM = sql`
  WITH due AS MATERIALIZED (
    SELECT tenant_id, id FROM saga_commands
    WHERE status = 'pending' AND next_attempt_at <= now()
      AND (lease_until IS NULL OR lease_until <= now())
    ORDER BY next_attempt_at LIMIT 10 FOR UPDATE SKIP LOCKED
  )
  UPDATE saga_commands c
    SET lease_until = date_trunc('milliseconds', now()) + interval '30 seconds'
  FROM due d WHERE c.tenant_id = d.tenant_id AND c.id = d.id
  RETURNING c.*`;

export function claimedCommands(result: Result | undefined): ClaimedCommand[] {
  return (result?.rows ?? []).map((row) => ({
    type: row.type as string,
    payload: row.payload as JsonObject,
    meta: {
      tenantId: row.tenant_id as Uuid,
      commandId: row.id as Uuid,
      saga: row.saga as string,
      key: row.key as string,
      ...(row.correlation_id === null ? {} : { correlationId: row.correlation_id as string }),
    },
    leaseUntil: row.lease_until as Date,
  }));
}

export function markDone({ meta }: ClaimedCommand): Statement {
  return sql`UPDATE saga_commands SET status = 'done', finished_at = now(), lease_until = NULL
    WHERE tenant_id = ${meta.tenantId} AND id = ${meta.commandId} AND status <> 'done'`;
}

/** Answers the row's new status, or nothing when another process has taken the lease over. */
export function putBack(command: ClaimedCommand, error: string, counts: boolean): Statement {
  const counted = counts ? 1 : 0;
  return sql`
    UPDATE saga_commands SET attempts = attempts + ${counted}::integer, last_error = ${error},
      lease_until = NULL, next_attempt_at = now() + retry_delay(attempts + ${counted}::integer),
      status = CASE WHEN attempts + ${counted}::integer >= ${MAX_REJECTIONS} THEN 'failed'
        ELSE status END,
      finished_at = CASE WHEN attempts + ${counted}::integer >= ${MAX_REJECTIONS} THEN now() END
    WHERE tenant_id = ${command.meta.tenantId} AND id = ${command.meta.commandId} AND status = 'pending'
      AND lease_until = ${command.leaseUntil}
    RETURNING status`;
}
