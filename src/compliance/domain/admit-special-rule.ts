import { type FieldError, refuse, type Refusal } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import type { SpecialTaxRule } from './special-rules.js';

const JURISDICTION = /^US(-[A-Z]{2}(-[A-Z0-9]+)*)?$/;

/**
 * Refuses (VALIDATION_ERROR, with the fields) a rule that names no place or venue, has not exactly
 * one kind of rate, or ends before it begins.
 */
export function admitSpecialRule(rule: SpecialTaxRule): Refusal | undefined {
  const errors: FieldError[] = [];
  if (rule.scope === 'venue' && !isUuid(rule.scopeRef)) {
    errors.push({ field: 'scopeRef', message: 'must be the id of a venue' });
  }
  if (rule.scope === 'jurisdiction' && !JURISDICTION.test(rule.scopeRef)) {
    errors.push({ field: 'scopeRef', message: 'must be a jurisdiction such as US-TN-DAVIDSON' });
  }
  if ((rule.ratePpm === null) === (rule.perTicketCents === null)) {
    errors.push({ field: 'ratePpm', message: 'give either ratePpm or perTicketCents' });
  }
  if (rule.effectiveTo !== null && rule.effectiveTo <= rule.effectiveFrom) {
    errors.push({ field: 'effectiveTo', message: 'must be later than effectiveFrom' });
  }
  if (errors.length === 0) return undefined;
  return refuse('VALIDATION_ERROR', 'the special tax rule is not valid', { errors });
}
