/**
 * What a dispute's evidence may say, by the provider's names for it
 * (docs.stripe.com/api/disputes/evidence_object). Those about the buyer's name, e-mail and addresses
 * are left out: we hold none of them here.
 */
export const EVIDENCE_FIELDS = [
  'access_activity_log',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'uncategorized_text',
] as const;

export type EvidenceField = (typeof EVIDENCE_FIELDS)[number];

/** Text by field; a field without text is absent. */
export type Evidence = Readonly<Partial<Record<EvidenceField, string>>>;

/** Characters of one field, and of all together (docs.stripe.com/disputes/best-practices). */
export const LONGEST_FIELD = 20_000;
export const LONGEST_EVIDENCE = 150_000;

/** What the caller writes goes over what was there; an empty text takes a field out. */
export function overridden(base: Evidence, overrides: Evidence): Evidence {
  const merged = Object.entries({ ...base, ...overrides }).filter(([, text]) => text !== '');
  return Object.fromEntries(merged);
}

export function lengthOf(evidence: Evidence): number {
  return Object.values(evidence).reduce((sum, text) => sum + text.length, 0);
}
