import { createPublicKey, verify } from 'node:crypto';
import {
  fromBase58,
  parseSolanaAddress,
  solanaAddressBytes,
} from '../../../kernel/chain/solana/index.js';
import { claimText, type WalletClaim } from '../ticket-chain.js';

const SIGNATURE_BYTES = 64;

/** Is it the wallet's own ed25519 signature of the claim on this network? */
export function isSignedByWallet(claim: WalletClaim, network: string): boolean {
  const signature = fromBase58(claim.signature, SIGNATURE_BYTES);
  if (signature === undefined || parseSolanaAddress(claim.wallet) === undefined) return false;
  const x = solanaAddressBytes(claim.wallet).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(claimText(claim, network)), key, signature);
}
