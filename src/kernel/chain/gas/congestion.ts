export const CONGESTION_LEVELS = ['low', 'medium', 'high'] as const;
export type CongestionLevel = (typeof CONGESTION_LEVELS)[number];

/** A price counts as cheaper from a tenth on: a base fee moves by an eighth a block at most (EIP-1559). */
const NOTICEABLE = { of: 9n, in: 10n };
const MEDIUM_FROM = 0.5;
const HIGH_FROM = 0.9;

/**
 * How dear a price is by its percentile among those of recent blocks: `medium` where half of them were
 * noticeably cheaper, `high` where nine tenths were.
 */
export function congestionLevel(price: bigint, recent: readonly bigint[]): CongestionLevel {
  const limit = (price * NOTICEABLE.of) / NOTICEABLE.in;
  const cheaper = recent.filter((each) => each < limit).length;
  const share = recent.length === 0 ? 0 : cheaper / recent.length;
  if (share >= HIGH_FROM) return 'high';
  return share >= MEDIUM_FROM ? 'medium' : 'low';
}

/** The middle of some prices, the lower one of two; 0 of none. */
export function median(prices: readonly bigint[]): bigint {
  const sorted = [...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n;
}
