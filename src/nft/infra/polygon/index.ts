import { PolygonNode } from '../../../kernel/chain/polygon/index.js';
import { signerOf } from '../../../kernel/chain/signer/index.js';
import type { PolygonConfig } from '../../../kernel/config/index.js';
import { PolygonChain } from './polygon-chain.js';

export { CLAIM_TYPES, claimDomain } from './claim.js';
export { PolygonChain } from './polygon-chain.js';
export { polygonTokenId } from './token-id.js';

/** The chain that is configured; nothing is loaded, read or asked before its first use. */
export function polygonChain(config: PolygonConfig, timeoutMs: number): PolygonChain {
  const { rpcUrl, chainId, contract, signer } = config;
  return new PolygonChain({
    node: new PolygonNode({ rpcUrl, chainId, timeoutMs }),
    contract,
    signer: signer && signerOf(signer, 'secp256k1', timeoutMs),
  });
}
