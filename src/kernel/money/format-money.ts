import type { Cents } from './cents.js';

/**
 * An amount as people in the United States read it: 11895 USD → `$118.95`, 500 JPY → `¥500`. The
 * digits are the amount's own: nothing is rounded. Throws `RangeError` for a malformed currency.
 */
export function formatMoney(amount: Cents, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();
  const scale = 10n ** BigInt(digits);
  const magnitude = amount < 0n ? -amount : amount;
  const fraction = String(magnitude % scale).padStart(digits, '0');
  const whole = amount < 0n && magnitude < scale ? -0 : (amount - (amount % scale)) / scale;
  return format
    .formatToParts(whole)
    .map((part) => (part.type === 'fraction' ? fraction : part.value))
    .join('');
}
