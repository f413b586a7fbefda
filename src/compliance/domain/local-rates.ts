import { countyName, type Place, placeKey } from './place.js';
import { doubt, inForce, isChargeable, type LocalRateRow, type LocalRates } from './rules.js';

export interface LocalFinding {
  readonly row: LocalRateRow | undefined;
  /** Why the row, if any, is only an estimate. */
  readonly doubts: readonly string[];
  /** The county, given or implied by the city; the name as the rows write it where they know it. */
  readonly county: string | undefined;
}

/**
 * Finds the local sales tax of a place: the city's row, else the county's. A row not good enough to
 * charge is named and passed over; the county's rate then stands as the floor that all its cities
 * share. A county's rate is certain for a city without a row only at the cap the law sets.
 */
export function findLocalRate(rates: LocalRates, place: Place, date: string): LocalFinding {
  const given = countyName(place.county);
  const ofCity = (rates.cities.get(placeKey(place.city)) ?? []).filter(
    (row) => given === '' || placeKey(row.county) === placeKey(given),
  );
  const county = onlyCounty(ofCity) ?? (given === '' ? undefined : given);
  const ofCounty = rates.counties.get(placeKey(county)) ?? [];
  const doubts: string[] = [];

  const city = usable(ofCity, date, doubts);
  if (city) return { row: city, doubts: [...doubts, ...doubtsOf(city, date)], county };

  const whole = usable(ofCounty, date, doubts);
  if (!whole) {
    const where = place.city ?? place.county ?? 'the place';
    return { row: undefined, doubts: [...doubts, `no local rate known for ${where}`], county };
  }
  if (whole.ratePpm !== rates.cap) {
    doubts.push(`rate of ${whole.county} County; a city in it may add its own`);
  }
  return { row: whole, doubts: [...doubts, ...doubtsOf(whole, date)], county: whole.county };
}

/** The one county that all rows name; a city that spans several implies none. */
function onlyCounty(rows: readonly LocalRateRow[]): string | undefined {
  const counties = new Set(rows.map((row) => row.county));
  return counties.size === 1 ? rows[0]?.county : undefined;
}

/** The row to charge on `date`; explains into `doubts` why there is none. */
function usable(
  rows: readonly LocalRateRow[],
  date: string,
  doubts: string[],
): LocalRateRow | undefined {
  const first = rows[0];
  if (!first) return undefined;
  const row = inForce(rows, date);
  if (!row) {
    doubts.push(`${first.name}: no rate recorded for ${date}`);
    return undefined;
  }
  if (!isChargeable(row)) {
    doubts.push(`${row.name}: ${row.confidence} confidence, not charged`);
    return undefined;
  }
  const rivals = rows.filter((other) => other.effectiveFrom === row.effectiveFrom);
  if (rivals.some((other) => other.ratePpm !== row.ratePpm)) {
    doubts.push(`${row.name}: differs between the counties the city lies in, county not given`);
    return undefined;
  }
  return row;
}

function doubtsOf(row: LocalRateRow, date: string): string[] {
  const reason = doubt(row, date);
  return reason === undefined ? [] : [reason];
}
