import { type Cents, MoneyError, toCents } from './cents.js';

/**
 * Splits `total` in proportion to `weights`, to the cent, by largest remainder: the parts sum to
 * `total` exactly, no part differs from its exact share by a cent or more, and equal remainders go
 * to the earlier part. A negative total is split as its magnitude. All-zero weights count as equal.
 * Refuses an empty list and negative weights.
 */
export function allocate(total: Cents, weights: readonly bigint[]): Cents[] {
  if (weights.length === 0) throw new MoneyError('nothing to split the amount over');
  if (weights.some((weight) => weight < 0n)) throw new MoneyError('a weight is negative');
  const whole = weights.reduce((a, b) => a + b, 0n);
  if (whole === 0n)
    return allocate(
      total,
      weights.map(() => 1n),
    );

  const sign = total < 0n ? -1n : 1n;
  const magnitude = total * sign;
  const shares = weights.map((weight, index) => ({
    index,
    floor: (magnitude * weight) / whole,
    remainder: (magnitude * weight) % whole,
  }));
  let left = magnitude - shares.reduce((a, share) => a + share.floor, 0n);
  const byRemainder = [...shares].sort(
    (a, b) =>
      Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder) || a.index - b.index,
  );
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.floor += 1n;
    left -= 1n;
  }
  return shares.map((share) => toCents(share.floor * sign));
}
