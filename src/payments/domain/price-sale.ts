import {
  type SpecialTaxRule,
  type TaxQuestion,
  type TaxQuote,
  taxRecord,
} from '../../compliance/compliance.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import { type Cents, centsToNumber } from '../../kernel/money/index.js';
import {
  type CatalogPlace,
  type EffectiveSettings,
  type FeeQuote,
  quoteFees,
  taxableFees,
} from '../../venues/venues.contract.js';
import type { Price } from './sale.js';

export interface PriceQuestion {
  readonly subtotal: Cents;
  readonly ticketCount: number;
  readonly currency: string;
  readonly place: CatalogPlace;
  readonly timezone: string;
  readonly venueId: string;
  readonly at: Date;
  readonly settings: EffectiveSettings;
  readonly monthToDateCents: Cents;
  readonly specialRules: readonly SpecialTaxRule[];
}

/** The engine that knows the tax rules; it answers without I/O. */
export interface TaxEngine {
  readonly version: string;
  quote(question: TaxQuestion): TaxQuote;
}

export interface Priced {
  readonly price: Price;
  readonly fees: FeeQuote;
  readonly tax: TaxQuote;
}

/** Fees by the venue's tier and settings, taxes of the place and day, and what the buyer pays. */
export function priceSale(question: PriceQuestion, taxes: TaxEngine): Priced {
  const { subtotal, ticketCount, settings, monthToDateCents } = question;
  const day = businessDate(question.at, question.timezone);
  const asked = {
    subtotalCents: subtotal,
    ticketCount,
    businessDate: day,
    monthToDateCents,
    settings,
  };
  const tax = taxes.quote({
    place: question.place,
    saleDate: day,
    taxableAmount: subtotal,
    feesCents: taxableFees(asked),
    ticketCount,
    venueId: question.venueId,
    specialRules: question.specialRules,
  });
  const fees = quoteFees({ ...asked, taxCents: tax.totalTax });
  const price: Price = {
    currency: question.currency,
    subtotal: centsToNumber(subtotal),
    platformFee: centsToNumber(fees.platformFee),
    gasFee: centsToNumber(fees.gasFee),
    processingFee: centsToNumber(fees.processingFee),
    tax: taxRecord(tax),
    total: centsToNumber(fees.buyerTotal),
    payers: {
      platformFee: settings.platformFeePayer,
      gasFee: settings.gasFeePayer,
      processingFee: settings.processingFeePayer,
    },
    tier: fees.tier.name,
    tierPpm: fees.tierPpm,
    monthToDateCents: centsToNumber(monthToDateCents),
    feeSchedule: fees.schedule,
    taxRules: taxes.version,
  };
  return { price, fees, tax };
}
