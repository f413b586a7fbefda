import type { LocalChain } from './local-chain.js';
import { holdingOf, mintOf } from './token-accounts.js';

/** A token that was ever minted, as it is in the newest block. */
export interface SolanaToken {
  readonly mint: string;
  /** Decimal digits. */
  readonly supply: string;
  /** Everybody who has some of it. */
  readonly owners: readonly string[];
}

export function tokensOn(chain: LocalChain): SolanaToken[] {
  return chain.mints.map((mint) => tokenOf(chain, mint));
}

function tokenOf(chain: LocalChain, mint: string): SolanaToken {
  const dataOf = (address: string) =>
    chain.account(address, 'processed')?.data() ?? new Uint8Array();
  const holdings = chain.holdingsOf(mint).map((address) => holdingOf(dataOf(address)));
  return {
    mint,
    supply: String(mintOf(dataOf(mint))?.supply ?? 0n),
    owners: holdings.flatMap((holding) => (holding && holding.amount > 0n ? [holding.owner] : [])),
  };
}
