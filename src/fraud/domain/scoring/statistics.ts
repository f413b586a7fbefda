/** The middle value, of two the mean; null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  // Numbers sort without a comparison of ours, which is most of the time that scoring takes.
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Standard deviation over the mean; 0 where the mean is 0. */
export function variation(values: readonly number[]): number {
  const middle = mean(values);
  return middle === 0 ? 0 : deviation(values) / middle;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** Median absolute deviation to standard deviation, for normal values. */
const NORMAL_DEVIATION = 1.4826;

/** `variation` of the bulk: a few values far from it do not count more than near ones. */
export function robustVariation(values: readonly number[]): number {
  const middle = median(values) ?? 0;
  const away = median(values.map((value) => Math.abs(value - middle))) ?? 0;
  return middle === 0 ? 0 : (NORMAL_DEVIATION * away) / middle;
}

const BINS_PER_OCTAVE = 4;

/**
 * Shannon's entropy of durations over that of as many different ones: 0 when all are alike, 1 when
 * no two are. Durations are alike when they differ by less than about a fifth.
 */
export function evenness(durations: readonly number[]): number {
  if (durations.length < 2) return 0;
  const counts = new Map<number, number>();
  for (const duration of durations) {
    const bin = Math.round(Math.log2(Math.max(duration, 1)) * BINS_PER_OCTAVE);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const shares = [...counts.values()].map((count) => count / durations.length);
  const bits = shares.reduce((sum, share) => sum + share * Math.log2(1 / share), 0);
  return bits / Math.log2(durations.length);
}

const PRECISION = 1_000_000;

/**
 * A number as features hold it: six decimals, so that `jsonb` keeps it short, and no -0, which
 * JSON would lose. What is no finite number tells nothing.
 */
export function figure(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Math.round(value * PRECISION) / PRECISION + 0;
}
