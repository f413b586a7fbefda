import { LRUCache } from 'lru-cache';
import { ethers, type EvmFee } from '../../../kernel/chain/polygon/index.js';
import type { Signer } from '../../../kernel/chain/signer/index.js';
import type { SignedTransaction } from '../ticket-chain.js';

/** A call of a contract that changes something, and what is offered for it. */
export interface UnsignedCall {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: string;
  readonly data: string;
  readonly gasLimit: bigint;
  readonly fee: EvmFee;
}

/** A signed call: its hash, and the bytes as they are stored and sent. */
export interface SignedCall {
  readonly hash: string;
  readonly bytes: Buffer;
}

/** Signs an EIP-1559 transaction. */
export async function signCall(call: UnsignedCall, signer: Signer): Promise<SignedCall> {
  const { getBytes, hexlify, keccak256, Signature, Transaction } = ethers();
  const { fee, ...rest } = call;
  const transaction = Transaction.from({ type: 2, value: 0, ...rest, ...fee });
  const signed = await signer.sign(getBytes(transaction.unsignedHash));
  transaction.signature = Signature.from({
    r: hexlify(signed.subarray(0, 32)),
    s: hexlify(signed.subarray(32, 64)),
    yParity: signed[64] === 1 ? 1 : 0,
  });
  const bytes = Buffer.from(transaction.serialized.slice(2), 'hex');
  return { hash: keccak256(bytes), bytes };
}

/** Who signed what: a transaction is asked for until it is final, and the curve's arithmetic is slow. */
const senders = new LRUCache<string, string>({ max: 1_000 });

/** Who signed stored bytes. */
export function senderOf(transaction: SignedTransaction): string {
  const known = senders.get(transaction.id) ?? readCall(transaction).from;
  senders.set(transaction.id, known);
  return known;
}

/** What stored bytes say. */
export function readCall({ bytes }: Pick<SignedTransaction, 'bytes'>) {
  const { from, to, data, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas } =
    ethers().Transaction.from(hexOf(bytes));
  if (from === null || to === null || maxFeePerGas === null || maxPriorityFeePerGas === null) {
    throw new Error('the bytes are no signed EIP-1559 call');
  }
  const fee: EvmFee = { maxFeePerGas, maxPriorityFeePerGas };
  return { from, to, data, nonce, gasLimit, fee };
}

export function hexOf(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}
