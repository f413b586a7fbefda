import type { RateRow } from './rules.js';
import type { Levy, TaxKind } from './tax-quote.js';

/** What one look at the rule book found: taxes that apply, and why others do not. */
export interface Finding {
  readonly levies: readonly Levy[];
  readonly reasons: readonly string[];
  /** False where something is estimated, or left out because too little is known. */
  readonly certain: boolean;
}

export const NOTHING_DUE: Finding = { levies: [], reasons: [], certain: true };

/** No tax, and the reason is itself not beyond doubt. */
export function leftOut(reason: string): Finding {
  return { levies: [], reasons: [reason], certain: false };
}

/** The row's tax: verified where there is no doubt about it, else an estimate that tells why. */
export function charged(kind: TaxKind, row: RateRow, doubts: readonly string[]): Finding {
  const certain = doubts.length === 0;
  const reason = certain ? `row checked on ${row.asOf ?? 'an unknown date'}` : doubts.join('; ');
  const levy: Levy = {
    kind,
    jurisdiction: row.jurisdiction,
    name: row.name,
    ratePpm: row.ratePpm,
    perTicketCents: null,
    base: row.base,
    confidence: certain ? 'verified' : 'estimate',
    reason,
    source: row.source,
    effectiveFrom: row.effectiveFrom,
  };
  return { levies: [levy], reasons: certain ? [] : [`${row.name}: ${reason}`], certain };
}

export function together(findings: readonly Finding[]): Finding {
  return {
    levies: findings.flatMap((finding) => finding.levies),
    reasons: findings.flatMap((finding) => finding.reasons),
    certain: findings.every((finding) => finding.certain),
  };
}
