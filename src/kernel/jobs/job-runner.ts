import { Injectable, Logger } from '@nestjs/common';
import { isRefusal } from '../errors.js';
import { openItem } from '../open-items/open-item.js';
import { failureText, isTransient } from '../outbox/transient.js';
import { Database } from '../postgres/database.js';
import { asDatabaseError } from '../postgres/errors.js';
import type { Statement } from '../postgres/sql.js';
import type { JobKind } from './job.js';
import { JobKinds } from './job-kinds.js';
import { type ClaimedJob, claimedJob, finish, jobsOf, LEASE_LOST, putBack } from './job-rows.js';
import { type QueueName, QUEUES } from './queues.js';
import { WorkSources } from './work-source.js';
import { workOn } from './work-table.js';

/** The source of a queue's jobs: `tasks.nudge(jobsIn('notifications'))` after a commit that added one. */
export const jobsIn = (queue: QueueName) => `${queue} jobs`;

/** Rest after a failure that is not the job's own. */
const AWAY_SECONDS = 5;

/** Does jobs, each with the handler of its kind, and notes what became of it. */
@Injectable()
export class JobRunner {
  private readonly log = new Logger(JobRunner.name);

  constructor(
    private readonly database: Database,
    private readonly kinds: JobKinds,
    sources: WorkSources,
  ) {
    for (const queue of QUEUES) {
      const source = { name: jobsIn(queue), queue, table: jobsOf(queue) };
      sources.add(workOn(database, source, (row) => this.do(claimedJob(row))));
    }
  }

  private async do(job: ClaimedJob): Promise<void> {
    try {
      const failure = await this.attempt(job);
      if (failure !== undefined) await this.setBack(job, failure);
    } catch (error) {
      if (!hasLostLease(error)) throw error;
      this.log.warn(`${nameOf(job)} was taken over by another process`);
    }
  }

  /** Answers why the job was not done, or nothing. Throws when its lease was lost. */
  private async attempt(job: ClaimedJob): Promise<unknown> {
    try {
      const known = this.kinds.named(job.kind);
      if (!known) throw new Error(`nobody does jobs of ${job.kind}`);
      const answer = await known.handler.run(job);
      if (isRefusal(answer)) return answer;
      await this.database.transact(job.tenantId, [finish(job), ...answer]);
      return undefined;
    } catch (error) {
      if (hasLostLease(error)) throw error;
      return error ?? new Error('rejected without a reason');
    }
  }

  private async setBack(job: ClaimedJob, failure: unknown): Promise<void> {
    const known = this.kinds.named(job.kind);
    const error = failureText(failure);
    // A kind that this release does not know waits for one that does.
    const counts = known !== undefined && !isTransient(failure);
    const delaySeconds = counts ? known.kind.retry[job.attempts] : restOf(job, known?.kind);
    const statements: Statement[] = [putBack(job, { error, counts, delaySeconds })];
    if (delaySeconds === undefined) {
      statements.push(forHuman(job, error), ...(known?.handler.gaveUp?.(job, error) ?? []));
    }
    await this.database.transact(job.tenantId, statements);
    const next = delaySeconds === undefined ? 'needs a human' : 'will be tried again';
    this.log[delaySeconds === undefined ? 'error' : 'warn'](`${nameOf(job)} ${next}: ${error}`);
  }
}

/** Until the next try that costs none; none when it has waited for too long. */
function restOf({ createdAt }: ClaimedJob, kind: JobKind | undefined): number | undefined {
  const { patienceSeconds = Infinity } = kind ?? {};
  return Date.now() - createdAt.getTime() > patienceSeconds * 1_000 ? undefined : AWAY_SECONDS;
}

function hasLostLease(error: unknown): boolean {
  return asDatabaseError(error)?.detail === LEASE_LOST;
}

function forHuman({ tenantId, id, kind }: ClaimedJob, cause: string): Statement {
  return openItem(tenantId, {
    kind: 'job_failed',
    subjectType: 'job',
    subjectId: id,
    cause,
    details: { kind },
  });
}

function nameOf({ kind, id }: ClaimedJob): string {
  return `the job ${kind} ${id}`;
}
