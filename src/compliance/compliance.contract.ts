/**
 * What other modules may know of compliance. Amounts are cents, rates parts per million, dates
 * YYYY-MM-DD at the venue.
 *
 * A sale quotes with `TaxRules.quote`, which does no I/O: it reads the tenant's special rules with
 * `specialTaxRulesStatement` in its own pipelined read and passes them on parsed. Where a read of
 * its own does not matter, `QuoteTax` on the query bus does both.
 */
export { allocateTax, type TicketTax } from './domain/allocate-tax.js';
export type { Place } from './domain/place.js';
export type { TaxBase } from './domain/rules.js';
export type { SpecialTaxRule } from './domain/special-rules.js';
export type { TaxConfidence, TaxKind, TaxLine, TaxQuestion, TaxQuote } from './domain/tax-quote.js';
export { recordedTax, type TaxRecord, taxRecord } from './domain/tax-record.js';
export { recordTaxCollection, type TaxCollection } from './infra/record-tax-collection.js';
export { parseSpecialTaxRules, specialTaxRulesStatement } from './infra/special-tax-rules.js';
export { TaxRules } from './infra/tax-rules.js';
export { QuoteTax } from './queries/quote-tax.js';
