import type { SolanaNode } from '../../../kernel/chain/solana/index.js';
import type { SignedTransaction, TransactionState } from '../ticket-chain.js';

/**
 * What the chain says for good. A transaction is expired once the final blocks are past the last
 * that could take it, and a node that has got as far knows nothing of it: asked in this order, for it
 * could come between the two answers. A cost counts the deposits of new accounts, which nobody gets
 * back.
 */
export async function readState(
  node: SolanaNode,
  { id, validity }: SignedTransaction,
): Promise<TransactionState> {
  if (!('blockhash' in validity)) throw new Error(`${id} is no transaction of Solana`);
  const { status } = await node.statusOf(id);
  if (status) return status.isFinal ? finalState(node, id) : { kind: 'pending' };
  const final = await node.finalPoint();
  if (final.height <= validity.lastValidBlockHeight) return { kind: 'pending' };
  const report = await node.statusOf(id);
  const isExpired = report.status === undefined && report.slot >= final.slot;
  return { kind: isExpired ? 'expired' : 'pending' };
}

async function finalState(node: SolanaNode, id: string): Promise<TransactionState> {
  const transaction = await node.finalTransaction(id);
  if (transaction === undefined) return { kind: 'pending' };
  const { failure: reason, spent: gas, slot: block } = transaction;
  return reason === null ? { kind: 'done', gas, block } : { kind: 'failed', reason, gas };
}
