import type { Cents, Ppm } from '../../kernel/money/index.js';
import type { Place } from './place.js';
import type { TaxBase } from './rules.js';
import type { SpecialTaxRule } from './special-rules.js';

export type TaxKind = 'state' | 'local' | 'special';

/** `verified`: every fact behind the line was checked; `estimate`: the reason says what was not. */
export type TaxConfidence = 'verified' | 'estimate';

/** What is asked: the tax on admissions sold on a day to an event at a place. */
export interface TaxQuestion {
  readonly place: Place;
  /** The sale's date in the venue's time zone, YYYY-MM-DD. */
  readonly saleDate: string;
  /** The ticket prices together, in cents. */
  readonly taxableAmount: Cents;
  /** What the buyer pays on top of the tickets, taxed only where a rule's base says so. */
  readonly feesCents?: Cents;
  readonly ticketCount: number;
  readonly venueId?: string;
  /** Rules that may apply; those of other places, venues or days are passed over. */
  readonly specialRules?: readonly SpecialTaxRule[];
}

/** A tax found to apply, before it is put on an amount. One of the two rates is set. */
export interface Levy {
  readonly kind: TaxKind;
  readonly jurisdiction: string;
  readonly name: string;
  readonly ratePpm: Ppm | null;
  readonly perTicketCents: Cents | null;
  readonly base: TaxBase;
  readonly confidence: TaxConfidence;
  readonly reason: string;
  readonly source: string;
  readonly effectiveFrom: string | null;
}

/** One tax as charged, rounded once. */
export interface TaxLine extends Levy {
  readonly taxableCents: Cents;
  readonly amountCents: Cents;
}

export interface TaxQuote {
  readonly taxableAmount: Cents;
  readonly lines: readonly TaxLine[];
  readonly stateTax: Cents;
  readonly localTax: Cents;
  readonly specialTax: Cents;
  /** Always the sum of the lines. */
  readonly totalTax: Cents;
  /** The most local jurisdiction that was recognised. */
  readonly jurisdiction: string;
  /** True when anything about the total is not verified, taxes left out included. */
  readonly estimate: boolean;
  /** What is estimated, left out or not applicable, for people to read. */
  readonly reasons: readonly string[];
}
