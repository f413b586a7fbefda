import type * as Token from '@solana/spl-token';
import type * as Metadata from '@solana/spl-token-metadata';
import type * as Web3 from '@solana/web3.js';
import { web3 } from '../../../kernel/chain/solana/index.js';

export interface SolanaLibraries {
  readonly web3: typeof Web3;
  readonly token: typeof Token;
  readonly metadata: typeof Metadata;
}

let loading: Promise<SolanaLibraries> | undefined;

/** Solana's libraries, loaded at their first use. */
export function solanaLibraries(): Promise<SolanaLibraries> {
  loading ??= Promise.all([
    web3(),
    import('@solana/spl-token'),
    import('@solana/spl-token-metadata'),
  ]).then(([web3js, token, metadata]) => ({ web3: web3js, token, metadata }));
  return loading;
}
