import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { workOn, WorkSources } from '../../kernel/jobs/index.js';
import { failureText, isTransient } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import { RETRY_SECONDS } from '../domain/next-step.js';
import {
  type ClaimedJob,
  claimedJob,
  holdLease,
  type JobKind,
  jobsOn,
  LEASE_LOST,
  putOff,
} from './batch-rows.js';
import { TICKETS_MOVED } from './end-rows.js';
import { JobFinishing } from './job-finishing.js';
import { isAway } from './job-signing.js';
import { JobTurn } from './job-turn.js';
import type { ChainName, TicketChain } from './ticket-chain.js';
import { TicketChains } from './ticket-chains.js';

const KINDS: readonly JobKind[] = ['mint', 'revoke', 'transfer'];

/** The work to nudge after a commit that added a job. */
export function jobsName(chain: ChainName, kind: JobKind): string {
  return `${kind} jobs on ${chain}`;
}

/** How long a chain is waited for with a job in hand. */
const PAUSES_MS: readonly number[] = [100, 200, 300, 400, 500, 500];
/** And then how long the job is put off. */
const AWAITED_SECONDS = 1;
/** Rest after a failure that is not the job's own, longer the older the job. */
const AWAY_SECONDS = 5;
const LONGEST_REST_SECONDS = 300;

/** Does jobs on the chains that this process can sign on; nothing of it runs in one that cannot. */
@Injectable()
export class MintingJobs {
  private readonly log = new Logger(MintingJobs.name);

  constructor(
    private readonly database: Database,
    private readonly chains: TicketChains,
    private readonly turns: JobTurn,
    private readonly finishing: JobFinishing,
    sources: WorkSources,
  ) {
    for (const chain of chains.signing) {
      for (const kind of KINDS) {
        const source = {
          name: jobsName(chain, kind),
          queue: 'nft-minting',
          table: jobsOn(chain, kind),
          // However many tokens are taken back, they leave the places of the queue to mints.
          ...(kind !== 'mint' && { servesItself: true as const }),
        } as const;
        sources.add(workOn(database, source, (row) => this.work(claimedJob(row))));
      }
    }
  }

  private async work(job: ClaimedJob): Promise<void> {
    try {
      const chain = await this.chains.of(job.chain);
      if (!chain) throw new Error(`${job.chain} is not configured`);
      const seconds = await this.advance(job, chain);
      if (seconds !== null) await this.rest(job, seconds, null);
    } catch (error) {
      await this.setBack(job, error).catch((later: unknown) => {
        this.log.error(`the job ${job.id} is left to its lease: ${String(later)}`);
      });
    }
  }

  /** Turn by turn; answers seconds to wait until the next one, null when the job has ended. */
  private async advance(job: ClaimedJob, chain: TicketChain): Promise<number | null> {
    const pauses = [...PAUSES_MS];
    for (;;) {
      const turn = await this.turns.take(job, chain);
      if (turn === 'failed') return RETRY_SECONDS[job.attempts] ?? RETRY_SECONDS.at(-1) ?? 0;
      if (turn === 'waiting') {
        const pause = pauses.shift();
        if (pause === undefined) return AWAITED_SECONDS;
        await sleep(pause);
      } else if (turn !== 'moved') {
        const closed = await this.finishing.close(job, turn.tries, turn.status);
        return closed ? null : AWAY_SECONDS;
      }
    }
  }

  private async setBack(job: ClaimedJob, error: unknown): Promise<void> {
    const refused = asDatabaseError(error)?.detail;
    if (refused === LEASE_LOST) {
      this.log.warn(`the job ${job.id} was taken over by another process`);
      return;
    }
    const isOurs = !isAway(error) && !isTransient(error) && refused !== TICKETS_MOVED;
    this.log[isOurs ? 'error' : 'warn'](`the job ${job.id} will be tried again: ${String(error)}`);
    const ageSeconds = (Date.now() - job.createdAt.getTime()) / 1_000;
    const rest = Math.min(LONGEST_REST_SECONDS, Math.max(AWAY_SECONDS, ageSeconds / 10));
    await this.rest(job, rest, failureText(error));
  }

  private async rest(job: ClaimedJob, seconds: number, error: string | null): Promise<void> {
    await this.database.asWorker([holdLease(job), putOff(job, seconds, error)]);
  }
}
