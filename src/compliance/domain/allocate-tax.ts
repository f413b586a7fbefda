import { allocate, type Cents, sum, toCents } from '../../kernel/money/index.js';
import type { TaxQuote } from './tax-quote.js';
import type { TaxRecord } from './tax-record.js';

/** One ticket's part of the tax: `lines` in the order of the quote's lines. */
export interface TicketTax {
  readonly total: Cents;
  readonly lines: readonly Cents[];
}

/**
 * Splits every tax line over the tickets by largest remainder: in proportion to their prices, or
 * equally where the tax is an amount per ticket. Each line's parts sum to the line exactly.
 * Refuses an empty list of tickets (MoneyError) unless there is no tax to split.
 */
export function allocateTax(
  tax: TaxQuote | TaxRecord,
  ticketPrices: readonly Cents[],
): TicketTax[] {
  const equal = ticketPrices.map(() => 1n);
  const byLine = tax.lines.map((line) =>
    allocate(toCents(line.amountCents), line.perTicketCents === null ? ticketPrices : equal),
  );
  return ticketPrices.map((_, ticket) => {
    const lines = byLine.flatMap((parts) => parts[ticket] ?? []);
    return { total: sum(lines), lines };
  });
}
