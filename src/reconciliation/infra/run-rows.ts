import type { Uuid } from '../../kernel/ids.js';
import { publish } from '../../kernel/outbox/index.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Figures, RunStatus, Step } from '../domain/run.js';
import { runAdvanced } from '../reconciliation.contract.js';

/** A run as it stands on record. */
export interface RecordedRun {
  readonly id: Uuid;
  readonly trigger: 'schedule' | 'request';
  readonly requestedBy: Uuid | null;
  readonly status: RunStatus;
  readonly step: Step;
  /** Why it is incomplete or has failed. */
  readonly reason: string | null;
  readonly figures: Figures;
  readonly requestedAt: Date;
  readonly completedAt: Date | null;
}

export interface NewRun {
  readonly id: Uuid;
  readonly trigger: RecordedRun['trigger'];
  readonly requestedBy: Uuid | null;
}

/** A run that nothing has moved for so long is given up: every attempt at a step moves it. */
const ABANDONED = '30 minutes';

/** Frees the place of a run that was given up. */
export function failAbandoned(tenantId: Uuid): Statement {
  return sql`
    UPDATE reconciliation_runs SET status = 'failed', updated_at = now(),
      reason = coalesce(reason, 'a step could not be done')
    WHERE tenant_id = ${tenantId} AND status IN ('running', 'incomplete')
      AND updated_at < now() - ${ABANDONED}::interval`;
}

/** Begins a run, unless there is one under way: then nothing happens. */
export function insertRun(tenantId: Uuid, { id, trigger, requestedBy }: NewRun): Statement {
  return sql`
    INSERT INTO reconciliation_runs (tenant_id, id, trigger, requested_by)
    VALUES (${tenantId}, ${id}, ${trigger}, ${requestedBy})
    ON CONFLICT DO NOTHING`;
}

/** Stops the transaction where another run is under way, or this one has begun already. */
export function isNew(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT guard(count(*) = 1, 'a new run') FROM reconciliation_runs
    WHERE tenant_id = ${tenantId} AND id = ${id} AND requested_at = now()`;
}

export function openRun(tenantId: Uuid): Statement {
  return sql`SELECT * FROM reconciliation_runs
    WHERE tenant_id = ${tenantId} AND status IN ('running', 'incomplete')`;
}

export function runReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT * FROM reconciliation_runs WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

export function runOf(row: Readonly<Record<string, unknown>>): RecordedRun {
  return {
    id: row.id as Uuid,
    trigger: row.trigger as RecordedRun['trigger'],
    requestedBy: row.requested_by as Uuid | null,
    status: row.status as RunStatus,
    step: row.step as Step,
    reason: row.reason as string | null,
    figures: row.figures as Figures,
    requestedAt: row.requested_at as Date,
    completedAt: row.completed_at as Date | null,
  };
}

/**
 * Moves a run to its next step, with what the step did, and tells of it. The guard stops the
 * transaction where the run stands elsewhere: then this step has been done, or was given up.
 */
export function advance(
  tenantId: Uuid,
  id: Uuid,
  [from, to]: readonly [Step, Step],
  figures: Figures,
  at: Date,
): Statement[] {
  const done = to === 'closed';
  return [
    sql`
      WITH moved AS (
        UPDATE reconciliation_runs SET step = ${to}, status = ${done ? 'completed' : 'running'},
          reason = NULL, figures = figures || ${figures}::jsonb, updated_at = now(),
          completed_at = CASE WHEN ${done} THEN now() END
        WHERE tenant_id = ${tenantId} AND id = ${id} AND step = ${from}
          AND status IN ('running', 'incomplete')
        RETURNING 1
      ) SELECT guard(count(*) = 1, ${MOVED_ON}) FROM moved`,
    publish(tenantId, runAdvanced(id, to, figures, at)),
  ];
}

/** The guard's word for a run that stands elsewhere. */
export const MOVED_ON = 'a run has moved on';

/** Something is away: the run says what, until its step has been done after all. */
export function markIncomplete(tenantId: Uuid, id: Uuid, reason: string): Statement {
  return sql`
    UPDATE reconciliation_runs SET status = 'incomplete', reason = ${reason}, updated_at = now()
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status IN ('running', 'incomplete')`;
}
