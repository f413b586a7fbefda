import { Inject, Injectable } from '@nestjs/common';
import { ChainUnavailable } from '../../kernel/chain/chain-unavailable.js';
import { SignerUnavailable } from '../../kernel/chain/signer/index.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { failureText } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Uuid } from '../../kernel/ids.js';
import { type ClaimedJob, holdLease } from './batch-rows.js';
import { inTurns } from './in-turns.js';
import { nextNumber, type Part } from './job-parts.js';
import { cut, sign, type Token } from './job-tasks.js';
import { mintTransactions } from './mint-metrics.js';
import { noteTokens } from './mint-rows.js';
import type { SignedTransaction, TicketChain } from './ticket-chain.js';
import {
  allocate,
  giveBack,
  keepSigned,
  type NewTry,
  noteSent,
  type RecordedTry,
  replace,
} from './transaction-rows.js';

/** Signatures, and messages to a node, at once. */
const AT_ONCE = 10;

/** A try with the bytes that are sent for it. */
interface Sendable {
  readonly id: Uuid;
  readonly signed: SignedTransaction;
}

/** Could somebody not be asked, so that nothing is known of what was to be done? */
export function isAway(error: unknown): error is ChainUnavailable | SignerUnavailable {
  return error instanceof ChainUnavailable || error instanceof SignerUnavailable;
}

/**
 * Gives places, signs, keeps and sends, in this order: what is not kept is never sent, and what is
 * kept is never signed again. Answers why something came to nothing, where it did; throws where
 * nobody can tell.
 */
@Injectable()
export class JobSigning {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'chains'>,
  ) {}

  /** Cuts tickets that have no part yet into parts that begin. */
  async newParts(
    job: ClaimedJob,
    chain: TicketChain,
    tokens: readonly Token[],
    firstPart: number,
  ): Promise<readonly NewTry[]> {
    if (tokens.length === 0) return [];
    const parts = await cut(chain, job.task, tokens, this.config.chains.metadataBaseUrl);
    return parts.map((ticketIds, index) => ({ part: firstPart + index, number: 0, ticketIds }));
  }

  async allocate(
    job: ClaimedJob,
    chain: TicketChain,
    tries: readonly NewTry[],
    tokens: readonly Token[],
  ): Promise<void> {
    const signer = await chain.signerAddress();
    const seen = await chain.nextNonce();
    const known = tokens.map(({ mint, identity }) => ({ ticketId: mint.ticketId, ...identity }));
    await this.database.asWorker([
      holdLease(job),
      allocate(job, signer, seen, tries),
      noteTokens(job.tenantId, known),
    ]);
    await failpoint('mint.after_allocate');
  }

  /** The key that signs now; null while it is away. */
  signerOf(chain: TicketChain): Promise<string | null> {
    return chain.signerAddress().catch((error: unknown) => {
      if (isAway(error)) return null;
      throw error;
    });
  }

  /**
   * A further try for the place of one that waits for too long, and places given back that nobody can
   * sign for any more; answers whether there was any.
   */
  async place(job: ClaimedJob, parts: readonly Part[]): Promise<boolean> {
    const statements = parts.flatMap(({ number: part, tries, step }) => {
      const last = tries.at(-1);
      if (last && step.do === 'give_back') return [giveBack(job, last.id)];
      if (step.do !== 'raise' || last?.nonce === undefined || last.nonce === null) return [];
      const { signer, nonce, ticketIds } = last;
      return [replace(job, { part, number: nextNumber(tries), ticketIds, signer, nonce })];
    });
    if (statements.length === 0) return false;
    await this.database.asWorker([holdLease(job), ...statements]);
    return true;
  }

  /** Signs, keeps and sends whatever has a place and no bytes; answers whether there was any. */
  async sign(job: ClaimedJob, chain: TicketChain, parts: readonly Part[]): Promise<Signing> {
    const unsigned = parts.filter(({ step }) => step.do === 'sign');
    if (unsigned.length === 0) return { signed: 0 };
    const ready: Sendable[] = [];
    const refused: Uuid[] = [];
    let refusal: string | undefined;
    let away: Error | undefined;
    await inTurns(unsigned, AT_ONCE, async (part) => {
      const last = part.tries.at(-1);
      if (!last) return;
      try {
        ready.push({ id: last.id, signed: await this.signOne(job, chain, part, last) });
      } catch (error) {
        if (isAway(error)) away = error;
        else {
          refused.push(last.id);
          refusal = failureText(error);
        }
      }
    });
    await failpoint('mint.after_sign');
    const kept = ready.map(({ id, signed }) => keepSigned(job.tenantId, id, signed));
    const back = refused.map((id) => giveBack(job, id));
    await this.database.asWorker([holdLease(job), ...kept, ...back]);
    mintTransactions.inc({ blockchain: job.chain, outcome: 'signed' }, ready.length);
    await failpoint('mint.after_store');
    const unsent = await this.deliver(job, chain, ready);
    if (away !== undefined) throw away;
    const failure = refusal ?? unsent;
    return { signed: ready.length, ...(failure !== undefined && { failure }) };
  }

  /** Sends again what the chain has not shown for a while; answers why that was refused. */
  async send(
    job: ClaimedJob,
    chain: TicketChain,
    parts: readonly Part[],
  ): Promise<string | undefined> {
    const again = parts.flatMap(({ step, tries }): Sendable[] => {
      const last = tries.at(-1);
      return step.do === 'send' && last?.signed ? [{ id: last.id, signed: last.signed }] : [];
    });
    return this.deliver(job, chain, again);
  }

  private async signOne(
    job: ClaimedJob,
    chain: TicketChain,
    { tries, left, step }: Part,
    { signer, nonce, ticketIds }: RecordedTry,
  ): Promise<SignedTransaction> {
    if ((await chain.signerAddress()) !== signer)
      throw new SignerUnavailable('the key has changed');
    const tokens = left.filter(({ mint }) => ticketIds.includes(mint.ticketId));
    const beats = step.do === 'sign' ? step.beats : null;
    const before = tries.find(({ number }) => number === beats)?.signed ?? undefined;
    const { metadataBaseUrl } = this.config.chains;
    return sign(chain, job.task, tokens, metadataBaseUrl, { nonce }, before);
  }

  private async deliver(
    job: ClaimedJob,
    chain: TicketChain,
    transactions: readonly Sendable[],
  ): Promise<string | undefined> {
    if (transactions.length === 0) return undefined;
    const sent: Uuid[] = [];
    let refusal: string | undefined;
    try {
      await inTurns(transactions, AT_ONCE, async ({ id, signed }) => {
        try {
          await chain.send(signed);
          sent.push(id);
        } catch (error) {
          if (isAway(error)) throw error;
          refusal = failureText(error);
        }
      });
      await failpoint('mint.after_broadcast');
    } finally {
      await this.database.asWorker([holdLease(job), noteSent(job.tenantId, sent)]);
    }
    mintTransactions.inc({ blockchain: job.chain, outcome: 'sent' }, sent.length);
    return refusal;
  }
}

/** How many were signed, and why one was not, or was not taken. */
export interface Signing {
  readonly signed: number;
  readonly failure?: string;
}
