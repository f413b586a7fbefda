import type { EvmReceipt, PolygonNode } from '../../../kernel/chain/polygon/index.js';
import { inTurns } from '../in-turns.js';
import type { SignedTransaction, TransactionState } from '../ticket-chain.js';
import { readCall, senderOf } from './signing.js';
import type { TicketContract } from './ticket-contract.js';

const PENDING: TransactionState = { kind: 'pending' };
const INCLUDED: TransactionState = { kind: 'included' };

/** Questions to the node at once. */
const AT_ONCE = 10;

/** A node and how far its chain is final, asked once for all transactions. */
interface Ledger {
  readonly node: PolygonNode;
  readonly contract: TicketContract;
  /** Height of the last final block. */
  readonly final: number;
  /** How many nonces of an address final blocks have used. */
  readonly usedBy: (address: string) => Promise<number>;
}

/**
 * What became of transactions, told by final blocks alone. That a node shows no receipt proves
 * nothing: it may lag behind. A transaction is out of the race when its nonce is used in a final block
 * and the node, asked after that, knows it neither in a block nor in its pool.
 */
export async function transactionStates(
  transactions: readonly SignedTransaction[],
  node: PolygonNode,
  contract: TicketContract,
): Promise<ReadonlyMap<string, TransactionState>> {
  const used = new Map<string, Promise<number>>();
  const usedBy = (address: string): Promise<number> => {
    const asked = used.get(address) ?? node.nonceOf(address, 'finalized');
    used.set(address, asked);
    return asked;
  };
  const { number: final } = await node.finalBlock();
  const states = new Map<string, TransactionState>();
  await inTurns(transactions, AT_ONCE, async (transaction) => {
    states.set(transaction.id, await stateOf(transaction, { node, contract, final, usedBy }));
  });
  return states;
}

async function stateOf(
  transaction: SignedTransaction,
  { node, contract, final, usedBy }: Ledger,
): Promise<TransactionState> {
  const receipt = await node.receiptOf(transaction.id);
  if (receipt === null) {
    if ((await usedBy(senderOf(transaction))) <= nonceOf(transaction)) return PENDING;
    return (await node.knows(transaction.id)) ? PENDING : { kind: 'expired' };
  }
  if (receipt.block.number > final) return INCLUDED;
  if (!(await isOnChain(receipt, node))) return PENDING;
  if (receipt.succeeded) return { kind: 'done', gas: receipt.cost, block: receipt.block.number };
  const { from, to, data } = readCall(transaction);
  const reason = await contract.revertReason({ from, to, data }, receipt.block.number - 1);
  return { kind: 'failed', reason, gas: receipt.cost };
}

function nonceOf({ id, validity }: SignedTransaction): number {
  if ('nonce' in validity) return validity.nonce;
  throw new Error(`${id} is no transaction of Polygon`);
}

/** Behind a balancer a receipt may come from a node that follows a branch since given up. */
async function isOnChain({ block }: EvmReceipt, node: PolygonNode): Promise<boolean> {
  return (await node.blockAt(block.number))?.hash === block.hash;
}
