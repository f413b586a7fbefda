import type { Uuid } from '../../kernel/ids.js';
import type { Blockchain } from './sale.js';
import type { OrderLine } from './sale-order.js';

/** How long a buyer may take to accept a price. */
export const QUOTE_LIFETIME_MS = 600_000;

/** What a quote promises: this total for these lines, to this buyer, by these rules. */
export interface Quote {
  readonly tenantId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid | null;
  /** Sorted `ticketTypeId x quantity @ price`, so that the order of lines does not matter. */
  readonly lines: readonly string[];
  readonly total: number;
  readonly taxRules: string;
  readonly feeSchedule: string;
  /** The chain of the tokens, as the settings or the fees of that moment had it. */
  readonly blockchain: Blockchain | null;
}

export function quoteLines(lines: readonly OrderLine[]): string[] {
  return lines.map((line) => `${line.ticketTypeId} x ${line.quantity} @ ${line.priceCents}`).sort();
}

/** Was the quote given for this very purchase? The total is compared when the sale has its price. */
export function quoteFits(
  quote: Quote,
  wanted: Pick<Quote, 'tenantId' | 'userId' | 'venueId' | 'eventId' | 'lines'>,
): boolean {
  return (
    quote.tenantId === wanted.tenantId &&
    quote.userId === wanted.userId &&
    quote.venueId === wanted.venueId &&
    quote.eventId === wanted.eventId &&
    quote.lines.length === wanted.lines.length &&
    quote.lines.every((line, i) => line === wanted.lines[i])
  );
}
