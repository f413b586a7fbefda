import type { SolanaConfig } from '../../config/index.js';

export type SolanaCluster = SolanaConfig['cluster'];

/** Genesis hashes of the public clusters, as their `getGenesisHash` answers. */
const GENESIS: ReadonlyMap<string, SolanaCluster> = new Map([
  ['5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d', 'mainnet-beta'],
  ['EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG', 'devnet'],
  ['4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY', 'testnet'],
]);

/** The cluster whose first block this is the hash of; `localnet` is every one that is not public. */
export function clusterOf(genesisHash: string): SolanaCluster {
  return GENESIS.get(genesisHash) ?? 'localnet';
}
