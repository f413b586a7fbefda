import { type Finding, leftOut, together } from './finding.js';
import { localAdmissionTaxes, localSalesTax } from './local-tax.js';
import type { Place } from './place.js';
import { inForce, type TaxRuleBook } from './rules.js';
import { stateTax, type StateFinding } from './state-tax.js';

/** Which taxes apply to an event, before any amount. */
export interface Assessment extends Finding {
  /** The country, the state and, where known, the county and the city. */
  readonly jurisdictions: readonly string[];
}

/** What the rule book says of admissions sold on `date` to an event in a state of the US. */
export function assess(book: TaxRuleBook, state: string, place: Place, date: string): Assessment {
  const rate = inForce(book.states.get(state) ?? [], date);
  const base: StateFinding = rate
    ? stateTax(rate, inForce(book.treatments.get(state) ?? [], date), date)
    : { ...leftOut(unrecorded(state, date)), taxed: false };
  const local = localSalesTax(book, state, place, date, rate, base.taxed);
  const admissions = localAdmissionTaxes(book.admissionTaxes.get(state) ?? [], place);
  const jurisdictions = state === '' ? ['US'] : ['US', `US-${state}`, ...local.jurisdictions];
  return { ...together([base, local, admissions]), jurisdictions };
}

function unrecorded(state: string, date: string): string {
  const where = state === '' ? 'a place without a state' : `US-${state}`;
  return `no rate recorded for ${where} on ${date}: no tax charged`;
}
