const FORM = /^(\d{1,9})(?:\.(\d+))?(?:e-(\d{1,2}))?$/;
const PLACES = 6;

/**
 * A price as a feed writes it, in millionths of a dollar, cut after the sixth place; null where it is
 * no positive decimal number. By its digits: as a binary fraction it would be another number.
 */
export function microUsd(decimal: string): bigint | null {
  const [, whole, fraction = '', exponent = '0'] = FORM.exec(decimal) ?? [];
  if (whole === undefined) return null;
  const digits = '0'.repeat(Number(exponent)) + whole + fraction;
  const point = whole.length;
  const price = BigInt(
    digits.slice(0, point) + digits.slice(point).padEnd(PLACES, '0').slice(0, PLACES),
  );
  return price > 0n ? price : null;
}

/** What an amount in smallest units costs, in millionths of a dollar, rounded up. */
export function toMicroUsd(units: bigint, unitsPerCoin: bigint, microUsdPerCoin: bigint): bigint {
  return (units * microUsdPerCoin + unitsPerCoin - 1n) / unitsPerCoin;
}

/** Millionths of a dollar as a decimal text: 5000 → `0.005000`. */
export function formatMicroUsd(amount: bigint): string {
  const digits = amount.toString().padStart(PLACES + 1, '0');
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}
