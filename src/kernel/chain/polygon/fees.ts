/** What a transaction offers for a unit of gas (EIP-1559), in wei. */
export interface EvmFee {
  readonly maxFeePerGas: bigint;
  /** The tip. */
  readonly maxPriorityFeePerGas: bigint;
}

/** What `eth_feeHistory` says of the last blocks, oldest first; in wei. */
export interface FeeHistory {
  /** One more than there are blocks: the last is the next block's. */
  readonly baseFees: readonly bigint[];
  /** How full each block was, 0 to 1. */
  readonly gasUsedRatios: readonly number[];
  /** The tips of each block at the percentiles that were asked for. */
  readonly tips: readonly (readonly bigint[])[];
}

const GWEI = 1_000_000_000n;

/** What no honest node asks for: beyond it a node would have us burn what we have. */
const HIGHEST = 10_000n * GWEI;

/**
 * The median of the tips that were paid, empty blocks aside, and twice the next base fee, which then
 * may rise in six full blocks in a row before the transaction has to wait.
 */
export function suggestedFee(history: FeeHistory, minimumTip: bigint): EvmFee {
  const paid = history.tips.map(([tip = 0n]) => tip).filter((tip) => tip > 0n);
  const tip = least(most(median(paid), minimumTip), HIGHEST);
  const base = history.baseFees.at(-1) ?? 0n;
  return { maxFeePerGas: least(2n * base, HIGHEST) + tip, maxPriorityFeePerGas: tip };
}

/**
 * What replaces a transaction of the same nonce: no less than is now asked for, and an eighth more
 * than before in both parts. Pools ask for a tenth (geth, `txpool.pricebump`) and some for an eighth.
 */
export function raisedFee(before: EvmFee, suggested: EvmFee): EvmFee {
  return {
    maxFeePerGas: most(suggested.maxFeePerGas, anEighthMore(before.maxFeePerGas)),
    maxPriorityFeePerGas: most(
      suggested.maxPriorityFeePerGas,
      anEighthMore(before.maxPriorityFeePerGas),
    ),
  };
}

function anEighthMore(wei: bigint): bigint {
  return (wei * 9n + 7n) / 8n;
}

function median(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
