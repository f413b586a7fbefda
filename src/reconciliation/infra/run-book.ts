import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { failureText, isTransient, OUTBOX_RELAY } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError, failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import type { Figures, Step } from '../domain/run.js';
import {
  advance,
  markIncomplete,
  MOVED_ON,
  type RecordedRun,
  runOf,
  runReading,
} from './run-rows.js';

/** Which step of which run is to be done. */
export interface StepOf {
  readonly tenantId: Uuid;
  readonly runId: Uuid;
  readonly from: Step;
  readonly to: Step;
}

/** What a step did, and what belongs into the transaction that ends it. */
export interface StepDone {
  readonly figures: Figures;
  readonly statements?: readonly Statement[];
}

/** Does steps of runs, each at most once, and keeps what became of them. */
@Injectable()
export class RunBook {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tasks: PeriodicTasks,
  ) {}

  /**
   * Does a step unless it has been done. What the world around is to blame for leaves the run
   * `incomplete`, with the reason, and passes on, so that the step is tried again.
   */
  async step(
    of: StepOf,
    work: (now: Date) => Promise<StepDone | Refusal>,
  ): Promise<RecordedRun | Refusal> {
    const { tenantId, runId, from, to } = of;
    const run = await this.find(tenantId, runId);
    if (!run) return refuse('NOT_FOUND', 'There is no such run.');
    if (run.step !== from || !isUnderWay(run)) return run;
    const at = this.clock.now();
    const done = await this.attempt(of, () => work(at));
    if (isRefusal(done)) return done;
    const { figures, statements = [] } = done;
    try {
      // First the guard: a step that was done meanwhile adds nothing.
      await this.database.transact(tenantId, [
        ...advance(tenantId, runId, [from, to], figures, at),
        ...statements,
      ]);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
    this.tasks.nudge(OUTBOX_RELAY);
    return (await this.find(tenantId, runId)) ?? run;
  }

  async find(tenantId: Uuid, runId: Uuid): Promise<RecordedRun | null> {
    const [found] = await this.database.read(tenantId, [runReading(tenantId, runId)]);
    return found?.rows[0] ? runOf(found.rows[0]) : null;
  }

  private async attempt(
    { tenantId, runId }: StepOf,
    work: () => Promise<StepDone | Refusal>,
  ): Promise<StepDone | Refusal> {
    try {
      const done = await work();
      if (isRefusal(done)) await this.incomplete(tenantId, runId, done);
      return done;
    } catch (error) {
      if (isTransient(error)) await this.incomplete(tenantId, runId, error);
      throw error;
    }
  }

  private async incomplete(tenantId: Uuid, runId: Uuid, cause: unknown): Promise<void> {
    await this.database.transact(tenantId, [markIncomplete(tenantId, runId, failureText(cause))]);
  }
}

function isUnderWay({ status }: RecordedRun): boolean {
  return status === 'running' || status === 'incomplete';
}

function isOvertaken(error: unknown): boolean {
  return failedWith(error, SQLSTATE.guardFailed) && asDatabaseError(error)?.detail === MOVED_ON;
}
