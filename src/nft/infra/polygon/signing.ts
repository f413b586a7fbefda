import type { Transaction } from 'ethers';
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

/** Signs an EIP-1559 transaction. */
export async function signCall(call: UnsignedCall, signer: Signer): Promise<Transaction> {
  const { getBytes, hexlify, Signature, Transaction } = ethers();
  const { fee, ...rest } = call;
  const transaction = Transaction.from({ type: 2, value: 0, ...rest, ...fee });
  const signed = await signer.sign(getBytes(transaction.unsignedHash));
  transaction.signature = Signature.from({
    r: hexlify(signed.subarray(0, 32)),
    s: hexlify(signed.subarray(32, 64)),
    yParity: signed[64] === 1 ? 1 : 0,
  });
  return transaction;
}

/** The bytes as they are stored and sent. */
export function bytesOf(transaction: Transaction): Buffer {
  return Buffer.from(transaction.serialized.slice(2), 'hex');
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
