import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { OUTBOX_RELAY } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type ClaimedJob, countFailure, holdLease } from './batch-rows.js';
import { GasBooks, REST_MOVED } from './gas-books.js';
import { givenUp, reached } from './job-ends.js';
import type { Part } from './job-parts.js';
import type { Sorted, Token } from './job-tasks.js';
import { mintSeconds, mintTransactions } from './mint-metrics.js';
import type { TicketChain, TransactionState } from './ticket-chain.js';
import { askAgain, giveBack, noteEnd, noteReplaced, type RecordedTry } from './transaction-rows.js';

export type States = ReadonlyMap<string, TransactionState>;

/** A part that a transaction in a final block has done. */
interface DonePart {
  readonly part: Part;
  readonly by: RecordedTry;
  readonly state: Extract<TransactionState, { kind: 'done' }>;
  readonly tokens: readonly Token[];
}

/** Tried so often while other processes end jobs of the tenant at the same time. */
const BOOKINGS = 5;

/** Records what has come to an end: tries, tickets, jobs; each with everything that follows from it. */
@Injectable()
export class JobFinishing {
  private readonly log = new Logger(JobFinishing.name);

  constructor(
    private readonly database: Database,
    private readonly books: GasBooks,
    private readonly tasks: PeriodicTasks,
    private readonly clock: Clock,
  ) {}

  /** Notes tries that came to nothing; answers why, where one reverted, which counts against the job. */
  async noteFailures(
    job: ClaimedJob,
    tries: readonly RecordedTry[],
    states: States,
  ): Promise<string | undefined> {
    const notes: Statement[] = [];
    let reason: string | undefined;
    for (const { id } of tries) {
      const state = states.get(id);
      if (state?.kind !== 'failed' && state?.kind !== 'expired') continue;
      notes.push(noteEnd(job.tenantId, id, state));
      mintTransactions.inc({ blockchain: job.chain, outcome: state.kind });
      if (state.kind === 'failed') reason = state.reason;
    }
    if (reason !== undefined) await this.failed(job, reason, notes);
    else if (notes.length > 0) await this.database.asWorker([holdLease(job), ...notes]);
    return reason;
  }

  /** Counts a try that came to nothing, with what else is to be stored. */
  async failed(job: ClaimedJob, reason: string, also: readonly Statement[] = []): Promise<void> {
    this.log.warn(`the job ${job.id} on ${job.chain} has failed once more: ${reason}`);
    const error = reason.slice(0, 500);
    await this.database.asWorker([holdLease(job), ...also, countFailure(job, error)]);
  }

  /** Ends what parts have done or given up; answers whether there was anything to end. */
  async finish(
    job: ClaimedJob,
    chain: TicketChain,
    parts: readonly Part[],
    states: States,
  ): Promise<boolean> {
    const at = this.clock.now();
    const done = await this.proven(
      job,
      chain,
      parts.flatMap((part) => doneOf(part, states)),
    );
    const lost = parts.flatMap(({ step, tries, left }) =>
      step.do === 'give_up'
        ? givenUp(job, left, `${step.reason}: ${tries.at(-1)?.error ?? 'expired'}`, at)
        : [],
    );
    const statements = [...done.flatMap((each) => this.done(job, each, at)), ...lost];
    if (statements.length === 0) return false;
    await this.commit(job, statements);
    for (const { tokens } of done) measure(job, tokens, at);
    return true;
  }

  /** Takes tries up again that must have been included after all; answers the tickets of them. */
  async askAgain(
    job: ClaimedJob,
    parts: readonly Part[],
    there: readonly Token[],
  ): Promise<ReadonlySet<Uuid>> {
    const done = new Set(there.map(({ mint }) => mint.ticketId));
    const ids = parts
      .filter(({ left }) => left.some(({ mint }) => done.has(mint.ticketId)))
      .flatMap(({ tries }) => tries.map(({ id }) => id));
    if (ids.length === 0) return new Set();
    const [, again] = await this.database.asWorker([holdLease(job), askAgain(job.tenantId, ids)]);
    return new Set(again?.rows.flatMap((row) => row.ticket_ids as readonly Uuid[]));
  }

  /** Ends what the chain says is as it should be, or never can be. */
  async settle(job: ClaimedJob, { there, impossible }: Omit<Sorted, 'todo'>): Promise<boolean> {
    const at = this.clock.now();
    const statements = [
      ...reached(job, there, null, at),
      ...impossible.flatMap(({ reason, ...token }) => givenUp(job, [token], reason, at)),
    ];
    if (statements.length === 0) return false;
    await this.commit(job, statements);
    return true;
  }

  async giveUp(job: ClaimedJob, tokens: readonly Token[], reason: string): Promise<void> {
    await this.commit(job, [...givenUp(job, tokens, reason, this.clock.now())]);
  }

  /** Ends the job itself and books its costs; false while no price for them is known. */
  async close(
    job: ClaimedJob,
    tries: readonly RecordedTry[],
    status: 'done' | 'failed',
  ): Promise<boolean> {
    const open = tries.filter((each) => each.status === 'signed').map(({ id }) => id);
    const unsigned = tries.filter((each) => each.status === 'allocated');
    await this.database.asWorker([
      holdLease(job),
      ...unsigned.map(({ id }) => giveBack(job, id)),
      noteReplaced(job.tenantId, open),
    ]);
    const gas = tries.reduce((sum, each) => sum + (each.gas ?? 0n), 0n);
    return this.books.inTurn(job, () => this.book(job, status, gas));
  }

  private async book(job: ClaimedJob, status: 'done' | 'failed', gas: bigint): Promise<boolean> {
    for (let booking = 1; ; booking += 1) {
      const closing = await this.books.closing(job, status, gas);
      if (!closing) return false;
      try {
        await this.commit(job, closing);
        return true;
      } catch (error) {
        if (asDatabaseError(error)?.detail !== REST_MOVED || booking === BOOKINGS) throw error;
      }
    }
  }

  private done(job: ClaimedJob, { part, by, state, tokens }: DonePart, at: Date): Statement[] {
    const others = part.tries.filter(({ id, status }) => id !== by.id && status === 'signed');
    return [
      noteEnd(job.tenantId, by.id, state),
      noteReplaced(
        job.tenantId,
        others.map(({ id }) => id),
      ),
      ...reached(job, tokens, { hash: by.signed?.id ?? '', gas: state.gas }, at),
    ];
  }

  /** A mint is done when its token is there: the receipt alone does not say so. */
  private async proven(
    job: ClaimedJob,
    chain: TicketChain,
    done: readonly DonePart[],
  ): Promise<readonly DonePart[]> {
    if (job.task.kind !== 'mint' || done.length === 0) return done;
    const ids = done.flatMap(({ tokens }) => tokens.map(({ mint }) => mint.ticketId));
    const existing = await chain.existing(ids);
    return done.filter(({ by, tokens }) => {
      const missing = tokens.filter(({ mint }) => !existing.has(mint.ticketId));
      if (missing.length === 0) return true;
      this.log.error(
        `${by.signed?.id} on ${job.chain} is final, and ${missing.length} tokens are not there`,
      );
      return false;
    });
  }

  private async commit(job: ClaimedJob, statements: readonly Statement[]): Promise<void> {
    const committed = this.database.transact(job.tenantId, [holdLease(job), ...statements]);
    const [outcome, interrupted] = await Promise.allSettled([
      committed,
      failpoint('mint.in_finalize'),
    ]);
    if (outcome.status === 'rejected') throw outcome.reason;
    if (interrupted.status === 'rejected') throw interrupted.reason;
    this.tasks.nudge(OUTBOX_RELAY);
  }
}

function doneOf(part: Part, states: States): DonePart[] {
  const { step, tries, left } = part;
  if (step.do !== 'finish') return [];
  const by = tries.find(({ number }) => number === step.try);
  const state = by && states.get(by.id);
  if (!by || state?.kind !== 'done') return [];
  const tokens = left.filter(({ mint }) => by.ticketIds.includes(mint.ticketId));
  return [{ part, by, state, tokens }];
}

function measure({ chain, task }: ClaimedJob, tokens: readonly Token[], at: Date): void {
  mintTransactions.inc({ blockchain: chain, outcome: 'done' });
  if (task.kind !== 'mint') return;
  for (const { mint } of tokens) {
    const seconds = (at.getTime() - mint.createdAt.getTime()) / 1_000;
    mintSeconds.observe({ blockchain: chain }, Math.max(seconds, 0));
  }
}
