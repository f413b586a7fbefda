const MAX_SIGNIFICANT_DIGITS = 17;

/**
 * Does a JSON number keep its value as a double? Whole numbers must lie within ±(2^53 − 1), others
 * may have 17 significant digits (what any double prints as) and must not turn into a whole
 * number, into zero or into infinity. `literal` need not be grammatical.
 */
export function isExactNumber(literal: string): boolean {
  if (literal.length <= 15 && !/[.eE]/.test(literal)) return true;
  const value = Number(literal);
  if (Number.isNaN(value)) return true;
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().replace(/^-/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const significant = (whole + fraction).replace(/^0+/, '').replace(/0+$/, '');
  if (significant.length > MAX_SIGNIFICANT_DIGITS) return false;
  return !Number.isInteger(value) || isWhole(whole, fraction, Number(exponent), significant);
}

/** Is `whole.fraction × 10^exponent` a whole number? */
function isWhole(whole: string, fraction: string, exponent: number, significant: string): boolean {
  if (significant === '') return true;
  if (exponent >= 0) return /^0*$/.test(fraction.slice(exponent));
  const shifted = whole.slice(Math.max(0, whole.length + exponent)) + fraction;
  return whole.length + exponent > 0 && /^0*$/.test(shifted);
}
