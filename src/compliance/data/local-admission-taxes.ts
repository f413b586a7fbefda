import type { RowConfidence } from '../domain/rules.js';

export interface LocalAdmissionTaxEntry {
  readonly state: string;
  readonly city: string;
  readonly name: string;
  /** Null where the tax is known to exist but its rate was not found. */
  readonly ratePpm: number | null;
  /** True where some events are exempt, which the engine cannot tell. */
  readonly exemptions: boolean;
  readonly confidence: RowConfidence;
  readonly asOf: string | null;
  readonly source: string;
  readonly note: string;
}

/** Taxes that cities put on admissions themselves. */
export const LOCAL_ADMISSION_TAXES: readonly LocalAdmissionTaxEntry[] = [
  {
    state: 'IL',
    city: 'Chicago',
    name: 'Chicago Amusement Tax',
    ratePpm: 90000,
    exemptions: true,
    confidence: 'high',
    asOf: null,
    source:
      'https://www.chicago.gov/city/en/depts/fin/supp_info/revenue/tax_list/amusement_tax.html',
    note: 'amusement tax 9% of charges; registered resellers 3% of resale price; certain live cultural performances exempt',
  },
  {
    state: 'PA',
    city: 'Philadelphia',
    name: 'Philadelphia Amusement Tax',
    ratePpm: 50000,
    exemptions: false,
    confidence: 'medium',
    asOf: null,
    source: 'https://business.phila.gov/amusement-tax/',
    note: 'amusement tax 5% of admission charge',
  },
  {
    state: 'VA',
    city: 'Roanoke',
    name: 'Roanoke Admissions Tax',
    ratePpm: null,
    exemptions: false,
    confidence: 'medium',
    asOf: null,
    source: 'https://www.roanokeva.gov/200/Admissions-Tax',
    note: 'admissions tax (rate not captured); not-for-profits must also collect',
  },
  {
    state: 'OH',
    city: 'Canal Winchester',
    name: 'Canal Winchester Admissions Tax',
    ratePpm: 30000,
    exemptions: false,
    confidence: 'high',
    asOf: '2018-09-01',
    source:
      'https://codelibrary.amlegal.com/codes/canalwinchester/latest/canalwinchester_oh/0-0-0-35918',
    note: '3% of admission and 3% of excess charge on tickets resold elsewhere',
  },
  {
    state: 'NJ',
    city: 'Atlantic City',
    name: 'Atlantic City Luxury Tax',
    ratePpm: 30000,
    exemptions: false,
    confidence: 'medium',
    asOf: '2026-01-01',
    source: 'open-sales-tax specs/research/references.md (N.J.S.A. 40:48-8.15)',
    note: '3% luxury tax incl. show and sporting tickets on top of 6.625%',
  },
];
