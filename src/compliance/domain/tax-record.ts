import { centsToNumber } from '../../kernel/money/index.js';
import type { Levy, TaxKind, TaxQuote } from './tax-quote.js';

/** A tax line in a stored event or an answer: amounts are cents as JSON numbers. */
export interface TaxRecordLine extends Omit<Levy, 'ratePpm' | 'perTicketCents'> {
  readonly ratePpm: number | null;
  readonly perTicketCents: number | null;
  readonly taxableCents: number;
  readonly amountCents: number;
}

/** A quote as it is kept with the sale it was made for; survives JSON unchanged. */
export interface TaxRecord {
  readonly taxableAmount: number;
  readonly jurisdiction: string;
  readonly estimate: boolean;
  readonly reasons: readonly string[];
  readonly lines: readonly TaxRecordLine[];
}

export function taxRecord(quote: TaxQuote): TaxRecord {
  const { taxableAmount, jurisdiction, estimate, reasons, lines } = quote;
  return {
    taxableAmount: centsToNumber(taxableAmount),
    jurisdiction,
    estimate,
    reasons,
    lines: lines.map((line) => ({
      ...line,
      perTicketCents: line.perTicketCents === null ? null : centsToNumber(line.perTicketCents),
      taxableCents: centsToNumber(line.taxableCents),
      amountCents: centsToNumber(line.amountCents),
    })),
  };
}

/** The recorded tax of a kind, or all of it, in cents. */
export function recordedTax(record: TaxRecord, kind?: TaxKind): number {
  return record.lines
    .filter((line) => kind === undefined || line.kind === kind)
    .reduce((total, line) => total + line.amountCents, 0);
}
