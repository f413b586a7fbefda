declare const cents: unique symbol;
declare const ppm: unique symbol;

/** An amount in the currency's minor unit (US cents). Signed; a ledger line stays within ±MAX_LINE. */
export type Cents = bigint & { readonly [cents]: true };

/** A rate in parts per million: 7 % = 70 000, 6.875 % = 68 750. */
export type Ppm = number & { readonly [ppm]: true };

/** The largest ledger line, 99,999,999.99 in major units times one hundred less one. */
export const MAX_LINE_CENTS = 9_999_999_999n;

/** The largest amount a request may name or a card be charged (Stripe's own limit for USD). */
export const MAX_REQUEST_CENTS = 99_999_999n;

/** Thrown where code, not a client, produced an amount that cannot be: a bug, never an answer. */
export class MoneyError extends RangeError {}

/** A checked amount. Refuses fractions, unsafe integers and anything beyond a ledger line. */
export function toCents(value: bigint | number): Cents {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new MoneyError(`${value} is not a whole number of cents`);
  }
  const amount = BigInt(value);
  if (amount > MAX_LINE_CENTS || amount < -MAX_LINE_CENTS) {
    throw new MoneyError(`${amount} cents is beyond a ledger line`);
  }
  return amount as Cents;
}

/** A checked rate: a whole number of parts per million between 0 and one hundred times the base. */
export function toPpm(value: number): Ppm {
  if (!Number.isInteger(value) || value < 0 || value > 100_000_000) {
    throw new MoneyError(`${value} is not a rate in parts per million`);
  }
  return value as Ppm;
}

export const ZERO = toCents(0);

/** The amount as a JSON number; exact, because every amount is far below 2^53. */
export function centsToNumber(amount: Cents): number {
  return Number(amount);
}

export function sum(amounts: Iterable<Cents>): Cents {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return toCents(total);
}

export function add(a: Cents, b: Cents): Cents {
  return toCents(a + b);
}

export function subtract(a: Cents, b: Cents): Cents {
  return toCents(a - b);
}

export function multiply(amount: Cents, times: number): Cents {
  return toCents(amount * BigInt(times));
}

export function negate(amount: Cents): Cents {
  return toCents(-amount);
}
