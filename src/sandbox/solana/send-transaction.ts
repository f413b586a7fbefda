import { decodeTransaction } from './decode-transaction.js';
import type { FaultDice } from './faults.js';
import type { LocalChain } from './local-chain.js';
import { RpcError } from './rpc-error.js';
import type { TransactionError } from './transaction-error.js';

/** The answer to a request is lost on its way back; its effect stays. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

/**
 * Takes a transaction and answers its signature, which promises nothing: without the trial run
 * (`skipPreflight`) also for one that no block will ever take.
 */
export function sendTransaction(
  chain: LocalChain,
  dice: FaultDice,
  bytes: Buffer,
  skipsPreflight: boolean,
): string {
  const decoded = decodeTransaction(bytes);
  const { signatures, blockhash } = decoded;
  const [signature = ''] = signatures;
  if (!skipsPreflight) tryOut(chain, bytes, signature, blockhash);
  const [fate, { delayMs }] = [dice.sendFate(), dice.current];
  if (fate === 'lost') return signature;
  if (delayMs > 0) setTimeout(() => chain.land(bytes, decoded), delayMs).unref();
  else chain.land(bytes, decoded);
  if (fate === 'cut') throw new AnswerLost();
  return signature;
}

function tryOut(chain: LocalChain, bytes: Buffer, signature: string, blockhash: string): void {
  const isKnown = chain.find(signature) !== undefined;
  if (isKnown) throw refused('This transaction has already been processed', 'AlreadyProcessed');
  if (!chain.clock.isRecent(blockhash)) throw refused('Blockhash not found', 'BlockhashNotFound');
  const { error, logs, units } = chain.simulate(bytes);
  if (error !== null) throw refused(JSON.stringify(error), error, logs, units);
}

function refused(
  what: string,
  err: TransactionError,
  logs: readonly string[] = [],
  unitsConsumed = 0,
): RpcError {
  return new RpcError(-32_002, `Transaction simulation failed: ${what}`, {
    err,
    logs,
    unitsConsumed,
    accounts: null,
  });
}
