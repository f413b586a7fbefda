import { ethers } from '../../../kernel/chain/polygon/index.js';
import type { WalletClaim } from '../ticket-chain.js';

/** The EIP-712 type of a claim. */
export const CLAIM_TYPES = {
  Claim: [
    { name: 'ticketId', type: 'string' },
    { name: 'wallet', type: 'address' },
    { name: 'expiresAt', type: 'uint256' },
  ],
};

/** 65 bytes: a shorter form (EIP-2098) would make two signatures of one. */
const FORM = /^0x[\da-f]{130}$/i;

/** What a wallet signs (EIP-712); wallets show it before they do. */
export function claimDomain(chainId: number, verifyingContract: string) {
  return { name: 'TicketToken', version: '1', chainId, verifyingContract };
}

/** Did the claim's wallet sign it, for this contract on this chain? */
export function isSignedByWallet(
  { signature, ticketId, wallet, expiresAt }: WalletClaim,
  chainId: number,
  contract: string,
): boolean {
  if (!FORM.test(signature)) return false;
  const value = { ticketId: ticketId.toLowerCase(), wallet, expiresAt };
  try {
    const domain = claimDomain(chainId, contract);
    return ethers().verifyTypedData(domain, CLAIM_TYPES, value, signature) === wallet;
  } catch {
    // It leads back to no key.
    return false;
  }
}
