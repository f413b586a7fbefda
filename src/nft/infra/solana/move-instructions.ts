import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { SolanaLibraries } from './libraries.js';

/** A token that stands in an account, and the base account, which may move it wherever it is. */
export interface StandingToken {
  readonly mint: PublicKey;
  readonly account: PublicKey;
  readonly base: PublicKey;
}

/** Destroys it; nobody can mint another one. */
export function burnInstructions(
  { token }: SolanaLibraries,
  { mint, account, base }: StandingToken,
): TransactionInstruction[] {
  const program = token.TOKEN_2022_PROGRAM_ID;
  return [token.createBurnCheckedInstruction(account, mint, base, 1, 0, [], program)];
}

/** Moves it to an owner's associated account, which is made where there is none. */
export function moveInstructions(
  { token }: SolanaLibraries,
  { mint, account, base }: StandingToken,
  to: PublicKey,
): TransactionInstruction[] {
  const program = token.TOKEN_2022_PROGRAM_ID;
  const target = token.getAssociatedTokenAddressSync(mint, to, false, program);
  return [
    token.createAssociatedTokenAccountIdempotentInstruction(base, target, to, mint, program),
    token.createTransferCheckedInstruction(account, mint, target, base, 1, 0, [], program),
  ];
}
