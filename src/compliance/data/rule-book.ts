import { createHash } from 'node:crypto';
import { toPpm } from '../../kernel/money/index.js';
import { jurisdictionPart, placeKey } from '../domain/place.js';
import type { AdmissionTaxRow, StateRateRow, TaxRuleBook, TreatmentRow } from '../domain/rules.js';
import { ADMISSION_TREATMENTS } from './admission-treatments.js';
import { LOCAL_ADMISSION_TAXES } from './local-admission-taxes.js';
import { STATES, STATES_SOURCE } from './states.js';
import { dateOrNull, indexBy, tableRows } from './table.js';
import { tennesseeRates } from './tennessee.js';
import { TENNESSEE_CITIES } from './tennessee-cities.js';
import { TENNESSEE_COUNTIES } from './tennessee-counties.js';

const stateOf = (row: { readonly jurisdiction: string }) => row.jurisdiction.slice(3, 5);

function stateRates(): StateRateRow[] {
  return tableRows(STATES, 6).map(
    ([code = '', stateName = '', ratePpm = '', varies, since = '', note = '']) => ({
      jurisdiction: `US-${code}`,
      stateName,
      name: `${stateName} Sales Tax`,
      ratePpm: toPpm(Number(ratePpm)),
      base: 'tickets',
      localVaries: varies === 'varies',
      confidence: 'high',
      effectiveFrom: dateOrNull(since),
      ...STATES_SOURCE,
      note,
    }),
  );
}

function treatments(): TreatmentRow[] {
  return ADMISSION_TREATMENTS.map(({ state, ...row }) => ({ ...row, jurisdiction: `US-${state}` }));
}

function admissionTaxes(): AdmissionTaxRow[] {
  return LOCAL_ADMISSION_TAXES.map(({ state, ratePpm, ...row }) => ({
    ...row,
    jurisdiction: `US-${state}-CITY-${jurisdictionPart(row.city)}`,
    ratePpm: ratePpm === null ? null : toPpm(ratePpm),
    base: 'tickets',
    effectiveFrom: null,
  }));
}

function fingerprint(...tables: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16);
}

/** The rows this version of the product ships with. Throws if one is malformed. */
export function loadRuleBook(): TaxRuleBook {
  const states = stateRates();
  const tennessee = [TENNESSEE_COUNTIES, TENNESSEE_CITIES];
  return {
    version: fingerprint(STATES, tennessee, ADMISSION_TREATMENTS, LOCAL_ADMISSION_TAXES),
    codes: new Map(states.map((row) => [placeKey(row.stateName), stateOf(row)])),
    states: indexBy(states, stateOf),
    treatments: indexBy(treatments(), stateOf),
    localRates: new Map([['TN', tennesseeRates()]]),
    admissionTaxes: indexBy(admissionTaxes(), stateOf),
  };
}
