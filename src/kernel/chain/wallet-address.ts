import type { ChainName } from './chain-names.js';
import { parseEvmAddress } from './polygon/address.js';
import { parseSolanaAddress } from './solana/address.js';

const PARSERS: Readonly<Record<ChainName, (text: string) => string | undefined>> = {
  polygon: parseEvmAddress,
  solana: parseSolanaAddress,
};

/**
 * The canonical form of a wallet's address; undefined where it is none that a token could ever be
 * used from. Polygon: a checksum (EIP-55) that is there must be right, and the zero address is
 * nobody's. Solana: a point on the curve, so no account of a program.
 */
export function canonicalWallet(chain: ChainName, text: string): string | undefined {
  return PARSERS[chain](text);
}
