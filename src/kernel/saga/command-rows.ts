import type { Uuid } from '../ids.js';
import type { WorkTable } from '../jobs/work-table.js';
import type { JsonObject } from '../outbox/index.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { SagaCommandMeta } from './saga-commands.js';

/** Rejections after which a command needs a human. */
const MAX_REJECTIONS = 5;

/** Its lease is longer than any command takes: every socket in one has its own timeout. */
export const COMMANDS: WorkTable = {
  table: 'saga_commands',
  open: `status = 'pending'`,
  leaseSeconds: 30,
  atOnce: 10,
};

/** A command that this process alone may execute until its lease ends. */
export interface ClaimedCommand {
  readonly type: string;
  readonly payload: JsonObject;
  readonly meta: SagaCommandMeta;
  readonly leaseUntil: Date;
}

export function claimedCommand(row: Record<string, unknown>): ClaimedCommand {
  return {
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
  };
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
