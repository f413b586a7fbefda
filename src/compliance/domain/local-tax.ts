import { charged, type Finding, leftOut, NOTHING_DUE, together } from './finding.js';
import { findLocalRate } from './local-rates.js';
import { countyName, jurisdictionPart, type Place, placeKey } from './place.js';
import {
  type AdmissionTaxRow,
  isChargeable,
  type StateRateRow,
  type TaxRuleBook,
} from './rules.js';

export interface LocalTax extends Finding {
  /** The county's and the city's codes, as far as they are known. */
  readonly jurisdictions: readonly string[];
}

/** The sales tax of county and city; not due where the state's is not (`taxed`). */
export function localSalesTax(
  book: TaxRuleBook,
  state: string,
  place: Place,
  date: string,
  rate: StateRateRow | undefined,
  taxed: boolean,
): LocalTax {
  const rates = book.localRates.get(state);
  const found = rates && findLocalRate(rates, place, date);
  const jurisdictions = codes(state, found?.county ?? countyName(place.county), place.city);
  if (!taxed || !rate?.localVaries) return { ...NOTHING_DUE, jurisdictions };
  if (!found) {
    const reason = `local taxes vary in ${rate.stateName} and none is on record: none charged`;
    return { ...leftOut(reason), jurisdictions };
  }
  if (!found.row) return { ...leftOut(found.doubts.join('; ')), jurisdictions };
  return { ...charged('local', found.row, found.doubts), jurisdictions };
}

function codes(state: string, county = '', city = ''): string[] {
  const names = [jurisdictionPart(county), city && `CITY-${jurisdictionPart(city)}`];
  return names.filter((name) => name !== '').map((name) => `US-${state}-${name}`);
}

/** Taxes that cities put on admissions themselves, beside any sales tax. */
export function localAdmissionTaxes(rows: readonly AdmissionTaxRow[], place: Place): Finding {
  const city = placeKey(place.city);
  return together(rows.filter((row) => placeKey(row.city) === city).map(admissionTax));
}

function admissionTax(row: AdmissionTaxRow): Finding {
  const { ratePpm } = row;
  if (ratePpm === null || !isChargeable(row)) {
    return leftOut(`${row.name}, not charged: ${row.note}`);
  }
  const doubts = row.confidence === 'high' ? [] : [`${row.confidence} confidence`];
  if (row.exemptions) doubts.push(row.note);
  return charged('local', { ...row, ratePpm }, doubts);
}
