import { createHash } from 'node:crypto';
import { solanaAddressBytes, toBase58 } from '../../../kernel/chain/solana/index.js';
import type { Uuid } from '../../../kernel/ids.js';

/** Solana's token program with extensions. */
export const TOKEN_PROGRAM = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb';

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
