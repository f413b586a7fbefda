import type { SolanaNode } from '../../../kernel/chain/solana/index.js';
import { inTurns } from '../in-turns.js';
import type { SignedTransaction, TransactionState } from '../ticket-chain.js';

const PENDING: TransactionState = { kind: 'pending' };
const INCLUDED: TransactionState = { kind: 'included' };

/** Questions to the node at once. */
const AT_ONCE = 10;

/**
 * What the chain says for good, by transaction. One is expired once the final blocks are past the last
 * that could take it, and a node that has got as far knows nothing of it: asked in this order, for it
 * could come between the two answers. A cost counts the deposits of new accounts, which nobody gets
 * back.
 */
export async function readStates(
  node: SolanaNode,
  transactions: readonly SignedTransaction[],
): Promise<ReadonlyMap<string, TransactionState>> {
  const { statuses } = await node.statusesOf(idsOf(transactions));
  const states = new Map(transactions.map(({ id }, at) => [id, statuses[at] ? INCLUDED : PENDING]));
  const final = transactions.filter((_, at) => statuses[at]?.isFinal);
  await inTurns(final, AT_ONCE, async ({ id }) => {
    states.set(id, await finalState(node, id));
  });
  const unknown = transactions.filter((_, at) => statuses[at] === undefined);
  for (const id of await expired(node, unknown)) states.set(id, { kind: 'expired' });
  return states;
}

async function expired(
  node: SolanaNode,
  unknown: readonly SignedTransaction[],
): Promise<readonly string[]> {
  if (unknown.length === 0) return [];
  const final = await node.finalPoint();
  const late = unknown.filter((transaction) => final.height > lastHeightOf(transaction));
  if (late.length === 0) return [];
  const { slot, statuses } = await node.statusesOf(idsOf(late));
  return slot < final.slot ? [] : idsOf(late).filter((_, at) => statuses[at] === undefined);
}

async function finalState(node: SolanaNode, id: string): Promise<TransactionState> {
  const transaction = await node.finalTransaction(id);
  if (transaction === undefined) return INCLUDED;
  const { failure: reason, spent: gas, slot: block } = transaction;
  return reason === null ? { kind: 'done', gas, block } : { kind: 'failed', reason, gas };
}

function lastHeightOf({ id, validity }: SignedTransaction): number {
  if ('blockhash' in validity) return validity.lastValidBlockHeight;
  throw new Error(`${id} is no transaction of Solana`);
}

const idsOf = (transactions: readonly SignedTransaction[]): readonly string[] =>
  transactions.map(({ id }) => id);
