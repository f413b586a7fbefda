import { Injectable } from '@nestjs/common';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { Database } from '../../kernel/postgres/database.js';
import { MAX_ATTEMPTS } from '../domain/next-step.js';
import type { ClaimedJob } from './batch-rows.js';
import { JobFinishing, type States } from './job-finishing.js';
import { anew, nextPart, type Part, partsOf, seenOnRecord, withoutPart } from './job-parts.js';
import { JobSigning } from './job-signing.js';
import { sortByChain, type Token, tokensOf } from './job-tasks.js';
import { type Mint, mintOf, mintsOfTickets } from './mint-rows.js';
import type { TicketChain, TransactionState } from './ticket-chain.js';
import { type RecordedTry, recordedTry, triesOf } from './transaction-rows.js';

/**
 * How far a turn has brought a job. `waiting`: the chain has to go on first. `failed`: something came
 * to nothing, and is counted.
 */
export type Turn = 'moved' | 'waiting' | 'failed' | Ended;

/** Nothing is left to do; what is not as it should be is for a person. */
export interface Ended {
  readonly tries: readonly RecordedTry[];
  readonly status: 'done' | 'failed';
}

/**
 * Takes a job one step further. What it goes by is read from the tables and from the chain, so that a
 * turn goes on where the last one ended, in whichever process that was.
 */
@Injectable()
export class JobTurn {
  constructor(
    private readonly database: Database,
    private readonly signing: JobSigning,
    private readonly finishing: JobFinishing,
  ) {}

  /** Throws `ChainUnavailable` and what PostgreSQL refuses; a lost lease is such a refusal. */
  async take(job: ClaimedJob, chain: TicketChain): Promise<Turn> {
    const { mints, tries } = await this.read(job);
    const left = await tokensOf(
      chain,
      mints.filter(({ jobId }) => jobId === job.id),
    );
    if (left.length === 0) return { tries, status: mints.some(isGivenUp) ? 'failed' : 'done' };
    const states = await this.learn(chain, tries);
    if ((await this.finishing.noteFailures(job, tries, states)) !== undefined) return 'failed';
    if (await this.leaveForeign(job, left, { tries, states })) return 'moved';
    const signer = await this.signing.signerOf(chain);
    const sight = (recorded: RecordedTry) => ({
      seen: seenOnRecord(recorded) ?? states.get(recorded.id)?.kind ?? ('pending' as const),
      isOurs: signer === null || recorded.signer === signer,
    });
    const parts = partsOf(tries, left, sight, job.attempts);
    if (await this.finishing.finish(job, chain, parts, states)) return 'moved';
    const begun = await this.begin(job, chain, parts, { tries, left });
    const placed = await this.signing.place(job, parts);
    const { signed, failure } = await this.signing.sign(job, chain, parts);
    const reason = failure ?? (await this.signing.send(job, chain, parts));
    if (reason !== undefined) {
      await this.finishing.failed(job, reason);
      return 'failed';
    }
    return begun || placed || signed > 0 ? 'moved' : 'waiting';
  }

  /**
   * Another contract or signer than that of a token knows nothing of it: what may still be included is
   * waited for until the right one is back; a token to be taken back or handed over is for a person.
   * A mint that came to nothing is made with what is configured now. Answers whether any was left.
   */
  private async leaveForeign(
    job: ClaimedJob,
    left: readonly Token[],
    { tries, states }: { readonly tries: readonly RecordedTry[]; readonly states: States },
  ): Promise<boolean> {
    const foreign = left.filter(
      ({ mint, identity }) => (mint.base ?? identity.base) !== identity.base,
    );
    const [first] = foreign;
    if (!first) return false;
    const reason = `made under ${first.mint.base}, and ${first.identity.base} is configured`;
    const isOver = ({ id }: RecordedTry) => OVER.has(states.get(id)?.kind ?? 'pending');
    if (tries.some((each) => each.status === 'signed' && !isOver(each))) {
      throw new Error(`its tokens are ${reason}`);
    }
    if (job.task.kind === 'mint') return false;
    await this.finishing.giveUp(job, foreign, reason);
    return true;
  }

  private async read(job: ClaimedJob) {
    const [mints, tries] = await this.database.asWorker([
      mintsOfTickets(job.tenantId, job.ticketIds),
      triesOf(job),
    ]);
    return {
      mints: (mints?.rows ?? []).map(mintOf),
      tries: (tries?.rows ?? []).map(recordedTry),
    };
  }

  private async learn(chain: TicketChain, tries: readonly RecordedTry[]): Promise<States> {
    const open = tries.flatMap(({ id, status, signed }) =>
      status === 'signed' && signed ? [{ id, signed }] : [],
    );
    if (open.length === 0) return new Map();
    await failpoint('mint.before_receipt');
    const told = await chain.statesOf(open.map(({ signed }) => signed));
    return new Map(
      open.map(({ id, signed }): [string, TransactionState] => [
        id,
        told.get(signed.id) ?? { kind: 'pending' },
      ]),
    );
  }

  /** Begins what has no try that may still be included, unless the chain shows that it is done. */
  private async begin(
    job: ClaimedJob,
    chain: TicketChain,
    parts: readonly Part[],
    { tries, left }: { readonly tries: readonly RecordedTry[]; readonly left: readonly Token[] },
  ): Promise<boolean> {
    const idle = withoutPart(tries, left);
    const again = parts.filter(({ step }) => step.do === 'begin');
    const sorted = await sortByChain(chain, job.task, [
      ...idle,
      ...again.flatMap((part) => part.left),
    ]);
    const overlooked = await this.finishing.askAgain(job, again, sorted.there);
    const there = sorted.there.filter(({ mint }) => !overlooked.has(mint.ticketId));
    const settled = await this.finishing.settle(job, { ...sorted, there });
    const fresh = idle.filter((token) => sorted.todo.includes(token));
    if (job.attempts >= MAX_ATTEMPTS && fresh.length > 0) {
      await this.finishing.giveUp(job, fresh, `nothing could be signed ${MAX_ATTEMPTS} times`);
      return true;
    }
    const wanted = [
      ...anew(again, sorted.todo),
      ...(await this.signing.newParts(job, chain, fresh, nextPart(tries))),
    ];
    if (wanted.length > 0) await this.signing.allocate(job, chain, wanted, sorted.todo);
    return settled || wanted.length > 0;
  }
}

const OVER: ReadonlySet<TransactionState['kind']> = new Set(['failed', 'expired']);

function isGivenUp({ status }: Mint): boolean {
  return status === 'failed' || status === 'revocation_failed';
}
