import type { TransactionInstruction } from '@solana/web3.js';
import { ChainUnavailable } from '../../../kernel/chain/chain-unavailable.js';
import type { Signer } from '../../../kernel/chain/signer/index.js';
import { type SolanaNode, toBase58 } from '../../../kernel/chain/solana/index.js';
import type { Uuid } from '../../../kernel/ids.js';
import type { SignedTransaction } from '../ticket-chain.js';
import { compileMessage } from './compile-message.js';
import type { SolanaLibraries } from './libraries.js';
import { TRANSACTION_BYTES } from './transaction-size.js';

/** What a transaction does, and what that takes. */
export interface TransactionDraft {
  readonly ticketIds: readonly Uuid[];
  readonly instructions: readonly TransactionInstruction[];
  /** Most units of computation; the priority fee is paid for all of them, used or not. */
  readonly computeUnits: number;
  /** Lamports that new accounts need. */
  readonly deposits: bigint;
  /** An earlier try expired: the fee is raised to what those paid who were in a hurry. */
  readonly isRaised: boolean;
}

const USUAL_PERCENTILE = 75;
const RAISED_PERCENTILE = 95;
/** Micro-lamports for a unit: what no ticket is worth hurrying for. */
const HIGHEST_PRICE = 1_000_000;
const LAMPORTS_PER_SIGNATURE = 5_000n;

/**
 * Signs a versioned transaction (v0) that the signer pays for. Throws `ChainUnavailable` when the
 * signer has too little for it: such a transaction would expire without a trace.
 */
export async function signTransaction(
  { web3 }: SolanaLibraries,
  node: SolanaNode,
  signer: Signer,
  draft: TransactionDraft,
): Promise<SignedTransaction> {
  const base = await signer.address();
  const [recent, fees, balance] = await Promise.all([
    node.latestBlockhash(),
    node.priorityFees(base),
    node.balanceOf(base),
  ]);
  const price = priceOf(fees, draft.isRaised ? RAISED_PERCENTILE : USUAL_PERCENTILE);
  const cost = draft.deposits + LAMPORTS_PER_SIGNATURE + priorityFee(draft.computeUnits, price);
  if (balance < cost) {
    throw new ChainUnavailable('solana', `${base} has ${balance} of ${cost} lamports`);
  }
  const payer = new web3.PublicKey(base);
  const message = compileMessage(payer, recent.blockhash, [
    web3.ComputeBudgetProgram.setComputeUnitLimit({ units: draft.computeUnits }),
    web3.ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price }),
    ...draft.instructions,
  ]);
  const signature = await signer.sign(message);
  const bytes = Buffer.concat([Buffer.of(1), signature, message]);
  if (bytes.length > TRANSACTION_BYTES) {
    throw new Error(`a transaction of ${bytes.length} bytes does not fit ${TRANSACTION_BYTES}`);
  }
  return { id: toBase58(signature), bytes, ticketIds: draft.ticketIds, validity: recent };
}

function priceOf(fees: readonly number[], percentile: number): number {
  const sorted = fees.toSorted((a, b) => a - b);
  const at = Math.ceil((sorted.length * percentile) / 100) - 1;
  return Math.min(sorted[Math.max(at, 0)] ?? 0, HIGHEST_PRICE);
}

/** Lamports. */
function priorityFee(units: number, price: number): bigint {
  return (BigInt(units) * BigInt(price) + 999_999n) / 1_000_000n;
}
