import type { EvmReceipt, PolygonNode } from '../../../kernel/chain/polygon/index.js';
import type { SignedTransaction, TransactionState } from '../ticket-chain.js';
import { readCall } from './signing.js';
import type { TicketContract } from './ticket-contract.js';

const PENDING: TransactionState = { kind: 'pending' };

/**
 * What became of a transaction, told by final blocks alone. That a node shows no receipt proves
 * nothing: it may lag behind. It is out of the race when its nonce is used in a final block and
 * the node, asked after that, knows it neither in a block nor in its pool.
 */
export async function transactionState(
  transaction: SignedTransaction,
  node: PolygonNode,
  contract: TicketContract,
): Promise<TransactionState> {
  const { from, nonce } = readCall(transaction);
  const [final, used, receipt] = await Promise.all([
    node.finalBlock(),
    node.nonceOf(from, 'finalized'),
    node.receiptOf(transaction.id),
  ]);
  if (receipt === null) {
    if (used <= nonce) return PENDING;
    return (await node.knows(transaction.id)) ? PENDING : { kind: 'expired' };
  }
  if (receipt.block.number > final.number || !(await isOnChain(receipt, node))) return PENDING;
  if (receipt.succeeded) return { kind: 'done', gas: receipt.cost, block: receipt.block.number };
  const { to, data } = readCall(transaction);
  const reason = await contract.revertReason({ from, to, data }, receipt.block.number - 1);
  return { kind: 'failed', reason, gas: receipt.cost };
}

/** Behind a balancer a receipt may come from a node that follows a branch since given up. */
async function isOnChain({ block }: EvmReceipt, node: PolygonNode): Promise<boolean> {
  return (await node.blockAt(block.number))?.hash === block.hash;
}
