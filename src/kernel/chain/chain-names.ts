/** The chains that tickets are minted on; the first is taken where nothing speaks for another. */
export const CHAIN_NAMES = ['polygon', 'solana'] as const;
export type ChainName = (typeof CHAIN_NAMES)[number];

export interface NativeCoin {
  readonly symbol: 'POL' | 'SOL';
  /** The smallest unit, which costs are counted in. */
  readonly unit: 'wei' | 'lamports';
  readonly unitsPerCoin: bigint;
}

/** What a chain is paid in. */
export const NATIVE_COINS: Readonly<Record<ChainName, NativeCoin>> = {
  polygon: { symbol: 'POL', unit: 'wei', unitsPerCoin: 10n ** 18n },
  solana: { symbol: 'SOL', unit: 'lamports', unitsPerCoin: 10n ** 9n },
};
