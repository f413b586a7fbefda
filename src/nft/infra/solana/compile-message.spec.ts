import {
  ComputeBudgetProgram,
  Keypair,
  PublicKey,
  TransactionInstruction,
  TransactionMessage,
} from '@solana/web3.js';
import { newId } from '../../../kernel/ids.js';
import { compileMessage } from './compile-message.js';
import { solanaLibraries } from './libraries.js';
import { planMint } from './mint-instructions.js';

const some = () => Keypair.generate().publicKey;
const BLOCKHASH = some().toBase58();

function asWeb3(payer: PublicKey, instructions: TransactionInstruction[]): Buffer {
  const message = new TransactionMessage({
    payerKey: payer,
    recentBlockhash: BLOCKHASH,
    instructions,
  });
  return Buffer.from(message.compileToV0Message().serialize());
}

describe('a message', () => {
  it('of mints is what web3.js makes of it', async () => {
    const [libraries, base] = [await solanaLibraries(), some()];
    const order = (owner: PublicKey) => ({
      ticketId: newId(),
      owner: owner.toBase58(),
      name: 'Rock Night',
      uri: 'https://tokens.example.com/nft/metadata/',
    });
    const instructions = [
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 7 }),
      ...planMint(libraries, order(base), base).instructions(5n),
      ...planMint(libraries, order(some()), base).instructions(5n),
    ];
    expect(compileMessage(base, BLOCKHASH, instructions)).toEqual(asWeb3(base, instructions));
  });

  it('has every kind of account in its place, and long data', () => {
    const [payer, twice] = [some(), some()];
    const key = (isSigner: boolean, isWritable: boolean, pubkey = some()) => ({
      pubkey,
      isSigner,
      isWritable,
    });
    const instructions = [
      new TransactionInstruction({
        programId: some(),
        keys: [key(false, false), key(true, false), key(false, true), key(false, false, twice)],
        data: Buffer.alloc(300, 1),
      }),
      new TransactionInstruction({
        programId: some(),
        keys: [key(true, true, twice), key(false, false, payer)],
        data: Buffer.alloc(0),
      }),
    ];
    expect(compileMessage(payer, BLOCKHASH, instructions)).toEqual(asWeb3(payer, instructions));
  });
});
