import { type Cents, type Ppm, toCents } from './cents.js';

const MILLION = 1_000_000n;

/** `numerator / denominator` rounded half away from zero on the magnitude; the denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** `rate` of `amount`, to the cent, half away from zero (so −73.5 becomes −74). */
export function percentOf(amount: Cents, rate: Ppm): Cents {
  return toCents(divideRounded(amount * BigInt(rate), MILLION));
}
