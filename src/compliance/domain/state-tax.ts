import { assertNever } from '../../kernel/errors.js';
import { charged, type Finding, leftOut } from './finding.js';
import { doubt, isChargeable, type StateRateRow, type TreatmentRow } from './rules.js';

export interface StateFinding extends Finding {
  /** Is sales tax due on admissions here, so that local sales tax may follow? */
  readonly taxed: boolean;
}

/**
 * The state's sales tax on an admission. The general rate is charged unless the state is recorded
 * as not taxing admissions, taxing them by another tax whose rate is not known, or disputed between
 * sources; without a trustworthy record the base rate is an estimate.
 */
export function stateTax(
  rate: StateRateRow,
  treatment: TreatmentRow | undefined,
  date: string,
): StateFinding {
  if (rate.ratePpm === 0) return { ...withoutStateTax(rate), taxed: rate.localVaries };
  const due = () => ({
    ...charged('state', rate, doubtsAbout(rate, treatment, date)),
    taxed: true,
  });
  if (!treatment) return due();
  switch (treatment.treatment) {
    case 'not_taxed':
      return { ...notTaxed(rate, treatment), taxed: false };
    case 'separate_tax':
    case 'conflict':
      return { ...leftOut(explain(rate, treatment)), taxed: false };
    case 'taxable':
    case 'taxable_with_exemption':
    case 'taxable_plus_local':
      return due();
    default:
      return assertNever(treatment.treatment);
  }
}

function withoutStateTax(rate: StateRateRow): Finding {
  return {
    levies: [],
    reasons: [`${rate.stateName}: ${rate.note}`],
    certain: rate.confidence === 'high' && !rate.localVaries,
  };
}

function notTaxed(rate: StateRateRow, treatment: TreatmentRow): Finding {
  const certain = treatment.confidence === 'high';
  return { levies: [], reasons: [explain(rate, treatment)], certain };
}

function explain(rate: StateRateRow, row: TreatmentRow): string {
  const treatment = row.treatment.replaceAll('_', ' ');
  return `${rate.stateName}, ${treatment} (${row.confidence} confidence): ${row.note}; no state tax charged`;
}

function doubtsAbout(
  rate: StateRateRow,
  treatment: TreatmentRow | undefined,
  date: string,
): string[] {
  const doubts: (string | undefined)[] = [doubt(rate, date)];
  if (!treatment || !isChargeable(treatment)) {
    doubts.push(`state base rate; how ${rate.stateName} taxes admissions is not verified`);
  } else {
    const unsure = doubt(treatment, date);
    if (treatment.treatment !== 'taxable') doubts.push(treatment.note);
    if (unsure) doubts.push(`${rate.stateName} taxes admissions: ${unsure}`);
  }
  return doubts.filter((reason) => reason !== undefined);
}
