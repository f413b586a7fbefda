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
  runReading,
} from '../infra/run-rows.js';
import { runAdvanced } from '../reconciliation.contract.js';

/** How often a run is begun that another one stood in the way of, and ended meanwhile. */
const TRIES = 3;

/**
 * Begins a run of one tenant, for the schedule or for an administrator. While one is under way it is
 * answered instead. What an administrator asks for is in the audit log, with the run that answers
 * it. Null where, again and again, another run stood in the way and had ended.
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
    for (let tries = 0; tries < TRIES; tries++) {
      if (await this.begin(tenantId, run, by)) {
        return this.first(tenantId, runReading(tenantId, run.id));
      }
      const met = await this.first(tenantId, openRun(tenantId));
      // One of the schedule is begun once: that it has ended already is no reason for another.
      if (!('principal' in by)) return met;
      if (met) {
        await this.database.transact(tenantId, [requestAudit(by.principal, met)]);
        return met;
      }
    }
    return null;
  }

  private async first(tenantId: Uuid, reading: Statement): Promise<RecordedRun | null> {
    const [found] = await this.database.read(tenantId, [reading]);
    return found?.rows[0] ? runOf(found.rows[0]) : null;
  }

  private async begin(tenantId: Uuid, run: NewRun, by: StartRun['by']): Promise<boolean> {
    try {
      await this.database.transact(tenantId, [
        failAbandoned(tenantId),
        insertRun(tenantId, run),
        isNew(tenantId, run.id),
        publish(tenantId, runAdvanced(run.id, 'requested', {}, this.clock.now())),
        ...('principal' in by ? [requestAudit(by.principal, run)] : []),
      ]);
    } catch (error) {
      if (!failedWith(error, SQLSTATE.guardFailed)) throw error;
      return false;
    }
    this.tasks.nudge(OUTBOX_RELAY);
    return true;
  }
}

/** `trigger` tells whether the request began the run or met one of the schedule. */
function requestAudit(principal: Principal, { id, trigger }: NewRun): Statement {
  return audit(principal.tenantId, {
    actor: userActor(principal),
    action: 'reconciliation_run.requested',
    object: { type: 'reconciliation_run', id },
    before: null,
    after: { trigger },
  });
}
