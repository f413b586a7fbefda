import { signerOf } from '../../../kernel/chain/signer/index.js';
import { SolanaNode } from '../../../kernel/chain/solana/index.js';
import type { SolanaConfig } from '../../../kernel/config/index.js';
import { SolanaChain } from './solana-chain.js';

export { mintAddressOf } from './mint-address.js';
export { SolanaChain } from './solana-chain.js';

/** The chain that is configured; nothing is loaded, read or asked before its first use. */
export function solanaChain(config: SolanaConfig, timeoutMs: number): SolanaChain {
  const { rpcUrl, cluster, signer } = config;
  return new SolanaChain({
    node: new SolanaNode({ rpcUrl, cluster, timeoutMs }),
    signer: signer && signerOf(signer, 'ed25519', timeoutMs),
  });
}
