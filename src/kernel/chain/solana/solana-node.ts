import type { AccountInfo, Commitment, Connection } from '@solana/web3.js';
import { ChainUnavailable } from '../chain-unavailable.js';
import { nodeBreaker } from '../node-breaker.js';
import { clusterOf, type SolanaCluster } from './clusters.js';
import { remembering } from './remember.js';
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

/** What a node knows of a signature; undefined status: nothing, neither recently nor in history. */
export interface SignatureReport {
  /** The slot that the node had reached. */
  readonly slot: number;
  readonly status: { readonly isFinal: boolean } | undefined;
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
/** `getMultipleAccounts` takes no more at once. */
const ACCOUNTS_AT_ONCE = 100;
/** Node behind, slot not reached, internal: https://solana.com/docs/rpc, "Error codes". */
const NODE_IN_TROUBLE: ReadonlySet<unknown> = new Set([-32004, -32005, -32007, -32016, -32603]);

/**
 * A Solana node, asked by JSON-RPC and never by web socket. Each question has a time limit and
 * passes a circuit breaker; the first one checks that the node is of the configured cluster. What
 * cannot be answered throws `ChainUnavailable`.
 */
export class SolanaNode {
  readonly cluster: SolanaCluster;
  private readonly guarded = nodeBreaker('solana');
  private readonly open = remembering(Infinity, () => this.connect());
  private readonly rents = new Map<number, () => Promise<bigint>>();
  private readonly fees = new Map<string, () => Promise<readonly number[]>>();

  constructor(private readonly options: SolanaNodeOptions) {
    this.cluster = options.cluster;
  }

  async latestBlockhash(): Promise<RecentBlockhash> {
    return this.ask((connection) => connection.getLatestBlockhash('confirmed'));
  }

  async finalPoint(): Promise<FinalPoint> {
    const info = await this.ask((connection) => connection.getEpochInfo('finalized'));
    if (info.blockHeight === undefined) throw unavailable('it tells no block height');
    return { slot: info.absoluteSlot, height: info.blockHeight };
  }

  async statusOf(signature: string): Promise<SignatureReport> {
    const { context, value } = await this.ask((connection) =>
      connection.getSignatureStatuses([signature], { searchTransactionHistory: true }),
    );
    const [status] = value;
    return {
      slot: context.slot,
      status: status ? { isFinal: status.confirmationStatus === 'finalized' } : undefined,
    };
  }

  /** Undefined: the node does not have it, or not as final. */
  async finalTransaction(signature: string): Promise<FinalTransaction | undefined> {
    const found = await this.ask((connection) =>
      connection.getTransaction(signature, {
        commitment: 'finalized',
        maxSupportedTransactionVersion: 0,
      }),
    );
    if (!found?.meta) return undefined;
    const { err, fee, preBalances, postBalances, logMessages } = found.meta;
    const [before, after] = [preBalances[0], postBalances[0]];
    const hasBalances = before !== undefined && after !== undefined;
    return {
      slot: found.slot,
      failure:
        err === null ? null : [JSON.stringify(err), ...(logMessages ?? []).slice(-2)].join(' '),
      spent: BigInt(hasBalances ? before - after : fee),
    };
  }

  /** Hands signed bytes on as they are; that they were processed already is no failure. */
  async send(bytes: Buffer): Promise<void> {
    const { SendTransactionError } = await web3();
    await this.ask(async (connection) => {
      try {
        // A trial run by this node would say nothing certain; what becomes of it, the chain says.
        await connection.sendRawTransaction(bytes, { skipPreflight: true });
      } catch (error) {
        const isKnown =
          error instanceof SendTransactionError && /already been processed/i.test(error.message);
        if (!isKnown) throw error;
      }
    });
  }

  /** In the order asked for; null where there is no account. */
  async accounts(
    addresses: readonly string[],
    commitment: Commitment,
  ): Promise<readonly (AccountInfo<Buffer> | null)[]> {
    const { PublicKey } = await web3();
    const found: (AccountInfo<Buffer> | null)[] = [];
    for (let at = 0; at < addresses.length; at += ACCOUNTS_AT_ONCE) {
      const keys = addresses.slice(at, at + ACCOUNTS_AT_ONCE).map((text) => new PublicKey(text));
      found.push(
        ...(await this.ask((connection) => connection.getMultipleAccountsInfo(keys, commitment))),
      );
    }
    return found;
  }

  /** The token account that holds a mint's whole supply of one; undefined when none does. */
  async holderOf(mint: string, commitment: Commitment): Promise<string | undefined> {
    const { PublicKey } = await web3();
    const { value } = await this.ask((connection) =>
      connection.getTokenLargestAccounts(new PublicKey(mint), commitment),
    );
    return value.find(({ amount }) => amount === '1')?.address.toBase58();
  }

  /** Lamports. */
  async balanceOf(address: string): Promise<bigint> {
    const { PublicKey } = await web3();
    return BigInt(
      await this.ask((connection) => connection.getBalance(new PublicKey(address), 'confirmed')),
    );
  }

  /** Lamports that an account of so many bytes must hold; remembered for ten minutes. */
  async rentFor(bytes: number): Promise<bigint> {
    const ask = entry(this.rents, bytes, () =>
      remembering(RENT_KEPT_MS, async () =>
        BigInt(await this.ask((connection) => connection.getMinimumBalanceForRentExemption(bytes))),
      ),
    );
    return ask();
  }

  /**
   * What the last 150 blocks each took at least for a unit of computation from a transaction that
   * writes to an account, in micro-lamports; remembered for five seconds.
   */
  async priorityFees(account: string): Promise<readonly number[]> {
    const { PublicKey } = await web3();
    const ask = entry(this.fees, account, () =>
      remembering(FEES_KEPT_MS, async () => {
        const lockedWritableAccounts = [new PublicKey(account)];
        const fees = await this.ask((connection) =>
          connection.getRecentPrioritizationFees({ lockedWritableAccounts }),
        );
        return fees.map(({ prioritizationFee }) => prioritizationFee);
      }),
    );
    return ask();
  }

  private async ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await this.guarded(async () => {
        try {
          return await question(await this.open());
        } catch (error) {
          throw isOutage(error) ? unavailable(error) : error;
        }
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  private async connect(): Promise<Connection> {
    const { rpcUrl, cluster, timeoutMs } = this.options;
    const { Connection } = await web3();
    const connection = new Connection(rpcUrl, {
      commitment: 'confirmed',
      disableRetryOnRateLimit: true,
      httpAgent: false,
      fetch: (input, init) =>
        fetchTwice(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    });
    const actual = clusterOf(await connection.getGenesisHash());
    if (actual !== cluster) throw unavailable(`the node is of ${actual}, not of ${cluster}`);
    return connection;
  }
}

/** Once more when the connection broke: no question does more when it is asked twice. */
async function fetchTwice(
  input: Parameters<typeof fetch>[0],
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (error) {
    if (init.signal.aborted) throw error;
    return fetch(input, init);
  }
}

/** Is the node itself in trouble? That it refuses a question says nothing about that. */
function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true;
  if ('transactionError' in error) return false;
  const isRefusal = 'code' in error && typeof error.code === 'number' && error.code < 0;
  return !isRefusal || NODE_IN_TROUBLE.has(error.code);
}

function unavailable(cause: unknown): ChainUnavailable {
  return cause instanceof ChainUnavailable ? cause : new ChainUnavailable('solana', cause);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
