import { createHash } from 'node:crypto';
import { isOnCurve, solanaAddressBytes, toBase58 } from '../../../kernel/chain/solana/index.js';
import type { Uuid } from '../../../kernel/ids.js';

/** Solana's token program with extensions. */
export const TOKEN_PROGRAM = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb';

/** Solana's program that gives each wallet one account for each token. */
const ASSOCIATED_TOKEN_PROGRAM = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL';
const HIGHEST_BUMP = 255;

/** What tells a ticket's mint account from the base account's others: the id's 32 hex digits. */
export function seedOf(ticketId: Uuid): string {
  return ticketId.replaceAll('-', '').toLowerCase();
}

/**
 * The address of a ticket's mint account: SHA-256 of base, seed and owning program, as the system
 * program derives it (`Pubkey::create_with_seed`). Only the base's signature can make an account
 * there, and only where none is yet.
 */
export function mintAddressOf(ticketId: Uuid, base: string): string {
  const hash = createHash('sha256')
    .update(solanaAddressBytes(base))
    .update(seedOf(ticketId))
    .update(solanaAddressBytes(TOKEN_PROGRAM));
  return toBase58(hash.digest());
}

/**
 * The address of the account that an owner's token is kept in, as the associated token program
 * derives it (`Pubkey::find_program_address`): the first hash, counting down, that is no wallet's key.
 */
export function tokenAccountOf(mint: string, owner: string): string {
  const seeds = [owner, TOKEN_PROGRAM, mint].map(solanaAddressBytes);
  const program = solanaAddressBytes(ASSOCIATED_TOKEN_PROGRAM);
  for (let bump = HIGHEST_BUMP; bump >= 0; bump -= 1) {
    const hash = createHash('sha256');
    for (const part of [...seeds, Buffer.of(bump), program, 'ProgramDerivedAddress'])
      hash.update(part);
    const address = hash.digest();
    if (!isOnCurve(address)) return toBase58(address);
  }
  throw new Error(`no account of ${owner} for ${mint} can be derived`);
}
