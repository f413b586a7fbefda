import type { Cents, Ppm } from '../../kernel/money/index.js';
import type { TaxBase } from './rules.js';
import type { Levy } from './tax-quote.js';

/**
 * A tax beyond sales tax that a tenant collects: a stadium privilege tax, an entertainment tax.
 * Exactly one of `ratePpm` and `perTicketCents` is set.
 */
export interface SpecialTaxRule {
  readonly id: string;
  readonly scope: 'jurisdiction' | 'venue';
  /** A jurisdiction code (`US-TN`, `US-TN-DAVIDSON`, `US-TN-CITY-MEMPHIS`) or a venue's id. */
  readonly scopeRef: string;
  readonly name: string;
  readonly ratePpm: Ppm | null;
  readonly perTicketCents: Cents | null;
  readonly base: TaxBase;
  /** First day in force, YYYY-MM-DD. */
  readonly effectiveFrom: string;
  /** First day no longer in force; null while open-ended. */
  readonly effectiveTo: string | null;
}

export interface SpecialTaxOccasion {
  readonly saleDate: string;
  readonly venueId: string | undefined;
  /** Every jurisdiction the place lies in. */
  readonly jurisdictions: readonly string[];
  /** The most local one whose taxes are on record. */
  readonly mostLocal: string;
}

function applies(rule: SpecialTaxRule, occasion: SpecialTaxOccasion): boolean {
  if (rule.effectiveFrom > occasion.saleDate) return false;
  if (rule.effectiveTo !== null && rule.effectiveTo <= occasion.saleDate) return false;
  return rule.scope === 'venue'
    ? rule.scopeRef === occasion.venueId
    : occasion.jurisdictions.includes(rule.scopeRef);
}

/** The special taxes of a sale. A venue's rule is filed under the most local jurisdiction. */
export function specialLevies(
  rules: readonly SpecialTaxRule[],
  occasion: SpecialTaxOccasion,
): Levy[] {
  return rules
    .filter((rule) => applies(rule, occasion))
    .map((rule) => ({
      kind: 'special',
      jurisdiction: rule.scope === 'venue' ? occasion.mostLocal : rule.scopeRef,
      name: rule.name,
      ratePpm: rule.ratePpm,
      perTicketCents: rule.perTicketCents,
      base: rule.base,
      confidence: 'verified',
      reason: `special tax rule of this ${rule.scope}, set by the tenant's administrator`,
      source: `special tax rule ${rule.id}`,
      effectiveFrom: rule.effectiveFrom,
    }));
}
