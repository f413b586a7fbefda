import { createRequire } from 'node:module';
import type * as Ethers from 'ethers';

let loaded: typeof Ethers | undefined;

/**
 * The library, loaded at its first use: it takes a fifth of a second, and not every process needs
 * it. At once rather than awaited, so that addresses can be checked where nothing waits.
 */
export function ethers(): typeof Ethers {
  loaded ??= createRequire(import.meta.url)('ethers') as typeof Ethers;
  return loaded;
}
