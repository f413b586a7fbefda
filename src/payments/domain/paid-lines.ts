import { allocate, centsToNumber, toCents } from '../../kernel/money/index.js';
import { account, type AccountName } from '../../ledger/ledger.contract.js';
import type { Sale } from './sale.js';

/** Who bore a line: what the buyer bore is in the buyer's total, the rest is not. */
export type Bearer = 'buyer' | 'venue' | 'platform';

/** Cents by line, named as `PaidLine.key`. */
export type Parts = Readonly<Record<string, number>>;

/** One line of a captured sale, in cents, with the account it was credited to. */
export interface PaidLine {
  /** `tickets`, `platform_fee`, `gas_fee`, `processing_fee` or `tax:<jurisdiction>:<kind>`. */
  readonly key: string;
  /** What the ledger calls it: the key, or `tax`. */
  readonly code: string;
  readonly account: AccountName;
  readonly bearer: Bearer;
  readonly cents: number;
}

/**
 * What a sale's captured money is made of. The buyer's lines sum to `capturedCents`; a partial
 * capture is split over them by largest remainder, and scales what others bore in proportion.
 */
export function paidLines(sale: Sale, capturedCents: number): readonly PaidLine[] {
  const lines = soldLines(sale);
  const { total } = sale.price;
  if (capturedCents === total) return lines;
  const buyers = lines.filter((line) => line.bearer === 'buyer');
  const captured = split(capturedCents, buyers);
  return lines.map((line) => ({
    ...line,
    cents: captured[line.key] ?? share(line.cents, capturedCents, total - capturedCents),
  }));
}

/** Splits `cents` over lines in proportion to their size, by largest remainder. */
export function split(cents: number, lines: readonly PaidLine[]): Parts {
  if (lines.length === 0) return {};
  const weights = lines.map((line) => BigInt(line.cents));
  const parts = allocate(toCents(cents), weights).map(centsToNumber);
  return Object.fromEntries(lines.map((line, i) => [line.key, parts[i] ?? 0]));
}

/** What of `cents` belongs to `chosen` where `rest` is not chosen; nothing where there is nothing. */
export function share(cents: number, chosen: number, rest: number): number {
  if (chosen === 0 || cents === 0) return 0;
  const [part = toCents(0)] = allocate(toCents(cents), [BigInt(chosen), BigInt(rest)]);
  return centsToNumber(part);
}

export function sumOf(parts: Iterable<{ readonly cents: number }>): number {
  let total = 0;
  for (const { cents } of parts) total += cents;
  return total;
}

/** Both together, line by line. */
export function plus(parts: Parts, others: Parts): Parts {
  const sums = Object.entries(others).map(([key, cents]) => [key, (parts[key] ?? 0) + cents]);
  return { ...parts, ...(Object.fromEntries(sums) as Parts) };
}

/** All of them together, in cents. */
export function totalOf(parts: Parts): number {
  return Object.values(parts).reduce((total, cents) => total + cents, 0);
}

function soldLines({ price, venueId }: Sale): PaidLine[] {
  const { payers } = price;
  const line = (
    key: string,
    name: AccountName,
    cents: number,
    bearer: Bearer = 'buyer',
  ): PaidLine => ({ key, code: key, account: name, bearer, cents });
  return [
    line('tickets', account.venue(venueId, 'pending'), price.subtotal),
    line('platform_fee', account.platformFees, price.platformFee, payers.platformFee),
    line('gas_fee', account.gasReserve, price.gasFee, payers.gasFee),
    line('processing_fee', account.processingRecovered, price.processingFee),
    ...taxLines(price.tax.lines),
  ];
}

/** Two rules of one jurisdiction and kind credit one account: they are one line. */
function taxLines(taxes: Sale['price']['tax']['lines']): PaidLine[] {
  const lines = new Map<string, PaidLine>();
  for (const tax of taxes) {
    const name = account.tax(tax.jurisdiction, tax.kind);
    const cents = (lines.get(name)?.cents ?? 0) + tax.amountCents;
    lines.set(name, { key: name, code: 'tax', account: name, bearer: 'buyer', cents });
  }
  return [...lines.values()];
}
