import type { Ppm } from '../../kernel/money/index.js';

/** How far a row can be trusted. `low` and `conflict` are kept as evidence and never charged. */
export type RowConfidence = 'high' | 'medium' | 'low' | 'conflict';

/** What a rate is applied to: the ticket prices alone, or with the fees the buyer pays on top. */
export type TaxBase = 'tickets' | 'tickets_and_fees';

/** What every dated row carries. */
export interface DatedRow {
  /** `US-TN`, `US-TN-DAVIDSON` (a county), `US-TN-CITY-MEMPHIS` (a city). */
  readonly jurisdiction: string;
  readonly confidence: RowConfidence;
  /** First day in force, YYYY-MM-DD; null where the source does not record it. */
  readonly effectiveFrom: string | null;
  /** When the source was checked or published, YYYY-MM-DD; null where it bears no date. */
  readonly asOf: string | null;
  readonly source: string;
  readonly note: string;
}

export interface RateRow extends DatedRow {
  readonly name: string;
  readonly ratePpm: Ppm;
  readonly base: TaxBase;
}

/** A state's general sales tax; `localVaries` tells whether counties or cities add their own. */
export interface StateRateRow extends RateRow {
  readonly stateName: string;
  readonly localVaries: boolean;
}

/** The total local sales tax of a county, or of a city (its county's share included). */
export interface LocalRateRow extends RateRow {
  readonly county: string;
  /** Null for the county's own row. */
  readonly city: string | null;
}

/** What a state does with admissions, as opposed to goods. */
export type Treatment =
  | 'taxable'
  | 'taxable_with_exemption'
  | 'taxable_plus_local'
  | 'not_taxed'
  | 'separate_tax'
  | 'conflict';

export interface TreatmentRow extends DatedRow {
  readonly treatment: Treatment;
}

/** A city's own tax on admissions; a null rate is known to exist but not what it is. */
export interface AdmissionTaxRow extends DatedRow {
  readonly city: string;
  readonly name: string;
  readonly ratePpm: Ppm | null;
  readonly base: TaxBase;
  readonly exemptions: boolean;
}

/** A state's local rates, found by `placeKey` of the name. */
export interface LocalRates {
  readonly cities: ReadonlyMap<string, readonly LocalRateRow[]>;
  readonly counties: ReadonlyMap<string, readonly LocalRateRow[]>;
  /** The highest local rate the state's law allows: at it, no city can add anything. */
  readonly cap: Ppm;
}

/** Everything the engine knows, by state code. */
export interface TaxRuleBook {
  /** Differs whenever a row does. */
  readonly version: string;
  /** State codes by `placeKey` of the state's name. */
  readonly codes: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, readonly StateRateRow[]>;
  readonly treatments: ReadonlyMap<string, readonly TreatmentRow[]>;
  readonly localRates: ReadonlyMap<string, LocalRates>;
  readonly admissionTaxes: ReadonlyMap<string, readonly AdmissionTaxRow[]>;
}

/** The newest row that had begun on `date`; a row without a first day is older than any other. */
export function inForce<Row extends DatedRow>(rows: readonly Row[], date: string): Row | undefined {
  let newest: Row | undefined;
  for (const row of rows) {
    if ((row.effectiveFrom ?? '') > date) continue;
    if (!newest || (row.effectiveFrom ?? '') > (newest.effectiveFrom ?? '')) newest = row;
  }
  return newest;
}

export function isChargeable(row: DatedRow): boolean {
  return row.confidence === 'high' || row.confidence === 'medium';
}

/** Why a row cannot count as verified on `date`; undefined when it can. */
export function doubt(row: DatedRow, date: string): string | undefined {
  if (row.confidence !== 'high') {
    return `${row.confidence} confidence, source of ${row.asOf ?? 'unknown date'}`;
  }
  if (row.effectiveFrom === null && row.asOf !== null && date < row.asOf) {
    return `checked on ${row.asOf}, after the sale, and its first day is not recorded`;
  }
  return undefined;
}
