import type * as Web3 from '@solana/web3.js';

let loading: Promise<typeof Web3> | undefined;

/** The library, loaded at its first use: it takes a second, and most processes never need it. */
export function web3(): Promise<typeof Web3> {
  loading ??= import('@solana/web3.js');
  return loading;
}
