import type { z } from 'zod';
import { ChainUnavailable } from '../chain-unavailable.js';
import { nodeBreaker } from '../node-breaker.js';
import * as answers from './answers.js';
import { type EvmFee, type FeeHistory, suggestedFee } from './fees.js';
import { type Ask, jsonRpc } from './json-rpc.js';
import { type EvmNetwork, evmNetwork } from './networks.js';
import { NodeRefusal, TransactionRejected } from './node-refusal.js';

export interface PolygonNodeOptions {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly timeoutMs: number;
}

/** A call of a contract that changes nothing. */
export interface EvmCall {
  readonly to: string;
  readonly data: string;
  readonly from?: string;
}

const FEE_BLOCKS = 20;

/** What a revert is answered with (geth, `rpc/errors.go`). */
const REVERTED = 3;

/** The pool has the transaction, or another one of its nonce that it shall not replace, or a block has. */
const KNOWN =
  /already known|already imported|already exists|nonce (?:is )?too low|replacement transaction underpriced|could not replace existing/i;

/** The node's own trouble, whatever it was asked: JSON-RPC's internal error, and too many questions. */
const NODE_TROUBLE = new Set([-32_603, -32_005, 429]);

/**
 * A node of Polygon, or of another EVM chain of the table. Every method throws `ChainUnavailable` when
 * it cannot be asked or is on another chain. Nothing is asked before the first question.
 */
export class PolygonNode {
  readonly network: EvmNetwork;
  private readonly guarded = nodeBreaker('polygon');
  private rpc: Ask | undefined;
  private checked: Promise<void> | undefined;

  /** Throws for a chain id that is not in the table. */
  constructor(private readonly options: PolygonNodeOptions) {
    this.network = evmNetwork(options.chainId);
  }

  /** The tips of the last blocks at these percentiles, and the base fees. */
  feeHistory(percentiles: readonly number[], blocks = FEE_BLOCKS): Promise<FeeHistory> {
    const span = `0x${blocks.toString(16)}`;
    return this.read(answers.feeHistory, 'eth_feeHistory', span, 'latest', percentiles);
  }

  /** What a transaction should offer now. */
  async suggestedFee(): Promise<EvmFee> {
    return suggestedFee(await this.feeHistory([50]), this.network.minimumTip);
  }

  /** How many transactions of an address are in blocks, or in the pool too. */
  nonceOf(address: string, at: 'pending' | 'finalized'): Promise<number> {
    return this.read(answers.nonce, 'eth_getTransactionCount', address, at);
  }

  /** wei */
  balanceOf(address: string): Promise<bigint> {
    return this.read(answers.quantity, 'eth_getBalance', address, 'latest');
  }

  codeAt(address: string): Promise<string> {
    return this.read(answers.bytes, 'eth_getCode', address, 'latest');
  }

  finalBlock(): Promise<answers.EvmBlock> {
    return this.read(answers.block, 'eth_getBlockByNumber', 'finalized', false);
  }

  /** The block of a height on the chain as the node has it. */
  blockAt(height: number): Promise<answers.EvmBlock | null> {
    return this.read(answers.block.nullable(), 'eth_getBlockByNumber', hex(height), false);
  }

  /** Null: the node knows of no block with this transaction. */
  receiptOf(hash: string): Promise<answers.EvmReceipt | null> {
    return this.read(answers.receipt.nullable(), 'eth_getTransactionReceipt', hash);
  }

  /** Whether the node knows the transaction, in a block or in its pool. */
  async knows(hash: string): Promise<boolean> {
    const shape = answers.transaction.nullable();
    return (await this.read(shape, 'eth_getTransactionByHash', hash)) !== null;
  }

  /** What a contract answers, in hex. Throws `NodeRefusal` when it reverts. */
  async call(call: EvmCall, at: 'latest' | 'finalized' | number): Promise<string> {
    const block = typeof at === 'number' ? hex(at) : at;
    return this.ask(answers.bytes, 'eth_call', call, block).catch((error: unknown) => {
      const isRevert =
        error instanceof NodeRefusal && (error.code === REVERTED || error.data !== undefined);
      throw isRevert ? error : unavailable('eth_call', error);
    });
  }

  /**
   * Hands over signed bytes. That the node knows them, or has given their nonce to others, is a success:
   * what became of them is told by `receiptOf`. Throws `TransactionRejected`.
   */
  async send(signed: string): Promise<void> {
    const method = 'eth_sendRawTransaction';
    await this.ask(answers.transactionHash, method, signed).catch((error: unknown) => {
      if (!(error instanceof NodeRefusal) || NODE_TROUBLE.has(error.code)) {
        throw unavailable(method, error);
      }
      if (!KNOWN.test(error.message)) throw new TransactionRejected(error.message);
    });
  }

  private read<T>(shape: z.ZodType<T>, method: string, ...params: readonly unknown[]): Promise<T> {
    return this.ask(shape, method, ...params).catch((error: unknown) => {
      throw unavailable(method, error);
    });
  }

  private async ask<T>(
    shape: z.ZodType<T>,
    method: string,
    ...params: readonly unknown[]
  ): Promise<T> {
    await this.checkChain();
    return this.askUnchecked(shape, method, params);
  }

  /** A node of another chain would take our money there, or tell us of other tokens. */
  private checkChain(): Promise<void> {
    this.checked ??= this.compareChain().catch((error: unknown) => {
      this.checked = undefined;
      throw error;
    });
    return this.checked;
  }

  private async compareChain(): Promise<void> {
    const found = await this.askUnchecked(answers.chainId, 'eth_chainId', []);
    if (found === this.options.chainId) return;
    const problem = `the node is on chain ${found}, not ${this.options.chainId}`;
    throw new ChainUnavailable('polygon', problem);
  }

  private async askUnchecked<T>(
    shape: z.ZodType<T>,
    method: string,
    params: readonly unknown[],
  ): Promise<T> {
    const { rpcUrl, timeoutMs } = this.options;
    this.rpc ??= jsonRpc(rpcUrl, this.network, timeoutMs);
    const { rpc } = this;
    const answer = shape.safeParse(await this.guarded(() => rpc(method, params)));
    if (answer.success) return answer.data;
    throw new ChainUnavailable('polygon', `what ${method} answered is no answer`);
  }
}

function unavailable(method: string, error: unknown): unknown {
  if (!(error instanceof NodeRefusal)) return error;
  return new ChainUnavailable('polygon', `${method}: ${error.message}`);
}

function hex(height: number): string {
  return `0x${height.toString(16)}`;
}
