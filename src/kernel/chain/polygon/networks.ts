/** A network that Polygon's adapter works on. */
export interface EvmNetwork {
  readonly chainId: number;
  readonly name: 'polygon' | 'polygon-amoy' | 'anvil';
  /** Address of an explorer without a trailing slash; null where there is none. */
  readonly explorer: string | null;
  /** The least tip that nodes take into their pool, in wei. */
  readonly minimumTip: bigint;
}

const GWEI = 1_000_000_000n;

/**
 * Chain ids as ethers has them (`lib.esm/providers/network.js`); the tip of 25 gwei is what Bor's
 * nodes demand (PIP-59, "Motivation"). Mumbai, 80001, was shut down in 2024 and is none of them.
 */
export const EVM_NETWORKS: readonly EvmNetwork[] = [
  {
    chainId: 137,
    name: 'polygon',
    explorer: 'https://polygonscan.com',
    minimumTip: 25n * GWEI,
  },
  {
    chainId: 80_002,
    name: 'polygon-amoy',
    explorer: 'https://amoy.polygonscan.com',
    minimumTip: 25n * GWEI,
  },
  { chainId: 31_337, name: 'anvil', explorer: null, minimumTip: GWEI },
];

/** Throws for a chain id that is not in the table. */
export function evmNetwork(chainId: number): EvmNetwork {
  const network = EVM_NETWORKS.find((each) => each.chainId === chainId);
  if (network) return network;
  const known = EVM_NETWORKS.map((each) => each.chainId).join(', ');
  throw new Error(`chain ${chainId} is none of ${known}`);
}
