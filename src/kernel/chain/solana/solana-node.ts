import type { AccountInfo, Commitment } from '@solana/web3.js';
import type { z } from 'zod';
import { ChainUnavailable } from '../chain-unavailable.js';
import { nodeBreaker } from '../node-breaker.js';
import * as answers from './answers.js';
import { clusterOf, type SolanaCluster } from './clusters.js';
import { type AskSolana, SolanaRefusal, solanaRpc } from './json-rpc.js';
import { remembering } from './remember.js';
import { sharing } from './sharing.js';
import { web3 } from './web3.js';

export interface SolanaNodeOptions {
  readonly rpcUrl: string;
  readonly cluster: SolanaCluster;
  readonly timeoutMs: number;
}

/** A block as far as the chain agrees for good: its slot, and how many blocks there are up to it. */
export interface FinalPoint {
  readonly slot: number;
  readonly height: number;
}

/** A block hash that transactions may name up to a block height. */
export interface RecentBlockhash {
  readonly blockhash: string;
  readonly lastValidBlockHeight: number;
}

/** What a node knows of signatures. */
export interface SignatureReport {
  /** The slot that the node had reached. */
  readonly slot: number;
  /** In the order asked for; undefined: nothing, neither recently nor in history. */
  readonly statuses: readonly ({ readonly isFinal: boolean } | undefined)[];
}

/** What a final transaction did. Lamports. */
export interface FinalTransaction {
  readonly slot: number;
  /** What it failed with; null: it succeeded. */
  readonly failure: string | null;
  /** By how much its payer is poorer: fees, and the deposits that new accounts need. */
  readonly spent: bigint;
}

const RENT_KEPT_MS = 600_000;
const FEES_KEPT_MS = 5_000;
/** `getMultipleAccounts` and `getSignatureStatuses` take no more at once. */
const ACCOUNTS_AT_ONCE = 100;
const SIGNATURES_AT_ONCE = 256;
/** Node behind, slot not reached, internal: https://solana.com/docs/rpc, "Error codes". */
const NODE_IN_TROUBLE: ReadonlySet<number> = new Set([-32004, -32005, -32007, -32016, -32603]);

const ALREADY_PROCESSED = /already been processed/i;

const CONFIRMED = { commitment: 'confirmed' };
const FINALIZED = { commitment: 'finalized' };

/**
 * A Solana node, asked by JSON-RPC and never by web socket. Each question has a time limit and
 * passes a circuit breaker; the first one checks that the node is of the configured cluster. What
 * cannot be answered throws `ChainUnavailable`.
 */
export class SolanaNode {
  readonly cluster: SolanaCluster;
  private readonly guarded = nodeBreaker('solana');
  private readonly rpc: AskSolana;
  private readonly checked = remembering(Infinity, () => this.checkCluster());
  private readonly blockhash = sharing(() => this.askBlockhash());
  private readonly rents = new Map<number, () => Promise<bigint>>();
  private readonly fees = new Map<string, () => Promise<readonly number[]>>();
  private readonly balances = new Map<string, () => Promise<bigint>>();

  constructor({ rpcUrl, cluster, timeoutMs }: SolanaNodeOptions) {
    this.cluster = cluster;
    this.rpc = solanaRpc(rpcUrl, timeoutMs);
  }

  latestBlockhash(): Promise<RecentBlockhash> {
    return this.blockhash();
  }

  async finalPoint(): Promise<FinalPoint> {
    const info = await this.ask(answers.epochInfo, 'getEpochInfo', FINALIZED);
    return { slot: info.absoluteSlot, height: info.blockHeight };
  }

  async statusesOf(signatures: readonly string[]): Promise<SignatureReport> {
    let reached = Infinity;
    const statuses: SignatureReport['statuses'][number][] = [];
    for (const asked of inPages(signatures, SIGNATURES_AT_ONCE)) {
      const { context, value } = await this.ask(answers.statuses, 'getSignatureStatuses', asked, {
        searchTransactionHistory: true,
      });
      reached = Math.min(reached, context.slot);
      for (const at of asked.keys()) {
        const status = value[at];
        statuses.push(status ? { isFinal: status.confirmationStatus === 'finalized' } : undefined);
      }
    }
    return { slot: reached, statuses };
  }

  /** Undefined: the node does not have it, or not as final. */
  async finalTransaction(signature: string): Promise<FinalTransaction | undefined> {
    const found = await this.ask(answers.transaction, 'getTransaction', signature, {
      ...FINALIZED,
      maxSupportedTransactionVersion: 0,
    });
    if (!found?.meta) return undefined;
    const { err, fee, preBalances, postBalances, logMessages } = found.meta;
    const [before, after] = [preBalances[0], postBalances[0]];
    const hasBalances = before !== undefined && after !== undefined;
    const isFailed = err !== null && err !== undefined;
    return {
      slot: found.slot,
      failure: isFailed ? [JSON.stringify(err), ...(logMessages ?? []).slice(-2)].join(' ') : null,
      spent: BigInt(hasBalances ? before - after : fee),
    };
  }

  /** Hands signed bytes on as they are; that they were processed already is no failure. */
  async send(bytes: Buffer): Promise<void> {
    try {
      // A trial run by this node would say nothing certain; what becomes of it, the chain says.
      const options = { encoding: 'base64', skipPreflight: true };
      await this.ask(answers.signature, 'sendTransaction', bytes.toString('base64'), options);
    } catch (error) {
      const { cause } = error as ChainUnavailable;
      const isKnown = cause instanceof SolanaRefusal && ALREADY_PROCESSED.test(cause.message);
      if (!isKnown) throw error;
    }
  }

  /** In the order asked for; null where there is no account. */
  async accounts(
    addresses: readonly string[],
    commitment: Commitment,
  ): Promise<readonly (AccountInfo<Buffer> | null)[]> {
    const { PublicKey } = await web3();
    const found: (AccountInfo<Buffer> | null)[] = [];
    for (const asked of inPages(addresses, ACCOUNTS_AT_ONCE)) {
      const options = { encoding: 'base64', commitment };
      const { value } = await this.ask(answers.accounts, 'getMultipleAccounts', asked, options);
      for (const at of asked.keys()) {
        const account = value[at];
        if (!account) found.push(null);
        else {
          const [data] = account.data;
          const owner = new PublicKey(account.owner);
          found.push({ ...account, owner, data: Buffer.from(data, 'base64') });
        }
      }
    }
    return found;
  }

  /** The token account that holds a mint's whole supply of one; undefined when none does. */
  async holderOf(mint: string, commitment: Commitment): Promise<string | undefined> {
    const method = 'getTokenLargestAccounts';
    const { value } = await this.ask(answers.holders, method, mint, { commitment });
    return value.find(({ amount }) => amount === '1')?.address;
  }

  /** Lamports. */
  balanceOf(address: string): Promise<bigint> {
    const ask = entry(this.balances, address, () =>
      sharing(async () => {
        const { value } = await this.ask(answers.balance, 'getBalance', address, CONFIRMED);
        return BigInt(value);
      }),
    );
    return ask();
  }

  /** Lamports that an account of so many bytes must hold; remembered for ten minutes. */
  rentFor(bytes: number): Promise<bigint> {
    const ask = entry(this.rents, bytes, () =>
      remembering(RENT_KEPT_MS, async () =>
        BigInt(await this.ask(answers.lamports, 'getMinimumBalanceForRentExemption', bytes)),
      ),
    );
    return ask();
  }

  /**
   * What the last 150 blocks each took at least for a unit of computation from a transaction that
   * writes to an account, in micro-lamports; remembered for five seconds.
   */
  priorityFees(account: string): Promise<readonly number[]> {
    const method = 'getRecentPrioritizationFees';
    const ask = entry(this.fees, account, () =>
      remembering(FEES_KEPT_MS, async () => {
        const fees = await this.ask(answers.prioritizationFees, method, [account]);
        return fees.map(({ prioritizationFee }) => prioritizationFee);
      }),
    );
    return ask();
  }

  private async askBlockhash(): Promise<RecentBlockhash> {
    return (await this.ask(answers.blockhash, 'getLatestBlockhash', CONFIRMED)).value;
  }

  private async ask<T>(
    shape: z.ZodType<T>,
    method: string,
    ...params: readonly unknown[]
  ): Promise<T> {
    await this.checked();
    return this.askUnchecked(shape, method, params);
  }

  /** A node of another cluster would take our money there, or tell us of other tokens. */
  private async checkCluster(): Promise<void> {
    const actual = clusterOf(await this.askUnchecked(answers.genesisHash, 'getGenesisHash', []));
    if (actual !== this.cluster) {
      throw unavailable(`the node is of ${actual}, not of ${this.cluster}`);
    }
  }

  private async askUnchecked<T>(
    shape: z.ZodType<T>,
    method: string,
    params: readonly unknown[],
  ): Promise<T> {
    try {
      return await this.guarded(async () => {
        try {
          return await this.rpc(shape, method, params);
        } catch (error) {
          throw isOutage(error) ? unavailable(error) : error;
        }
      });
    } catch (error) {
      throw unavailable(error);
    }
  }
}

/** Is the node itself in trouble? That it refuses a question says nothing about that. */
function isOutage(error: unknown): boolean {
  return !(error instanceof SolanaRefusal) || error.code >= 0 || NODE_IN_TROUBLE.has(error.code);
}

function unavailable(cause: unknown): ChainUnavailable {
  return cause instanceof ChainUnavailable ? cause : new ChainUnavailable('solana', cause);
}

function inPages<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const pages = Math.ceil(items.length / size);
  return Array.from({ length: pages }, (_, page) => items.slice(page * size, (page + 1) * size));
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
