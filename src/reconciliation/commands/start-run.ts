import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { OUTBOX_RELAY, publish } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  failAbandoned,
  insertRun,
  isNew,
  type NewRun,
  openRun,
  type RecordedRun,
  runOf,
} from '../infra/run-rows.js';
import { runAdvanced } from '../reconciliation.contract.js';

/**
 * Begins a run of one tenant, for the schedule or for an administrator (then it is in the audit
 * log). While one is under way it is answered instead; null where it ended in that very moment.
 */
export class StartRun extends Command<RecordedRun | null> {
  constructor(
    readonly tenantId: Uuid,
    readonly by: { readonly id: Uuid } | { readonly principal: Principal },
  ) {
    super();
  }
}

@CommandHandler(StartRun)
export class StartRunHandler implements ICommandHandler<StartRun> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ tenantId, by }: StartRun): Promise<RecordedRun | null> {
    const run: NewRun =
      'principal' in by
        ? { id: newId(), trigger: 'request', requestedBy: by.principal.userId }
        : { id: by.id, trigger: 'schedule', requestedBy: null };
    try {
      await this.database.transact(tenantId, [
        failAbandoned(tenantId),
        insertRun(tenantId, run),
        isNew(tenantId, run.id),
        publish(tenantId, runAdvanced(run.id, 'requested', {}, this.clock.now())),
        ...('principal' in by ? [requestAudit(by.principal, run)] : []),
      ]);
      this.tasks.nudge(OUTBOX_RELAY);
    } catch (error) {
      if (!failedWith(error, SQLSTATE.guardFailed)) throw error;
    }
    const [found] = await this.database.read(tenantId, [openRun(tenantId)]);
    return found?.rows[0] ? runOf(found.rows[0]) : null;
  }
}

function requestAudit(principal: Principal, { id, trigger }: NewRun): Statement {
  return audit(principal.tenantId, {
    actor: userActor(principal),
    action: 'reconciliation_run.requested',
    object: { type: 'reconciliation_run', id },
    before: null,
    after: { trigger },
  });
}
