import { toPpm } from '../../kernel/money/index.js';
import { jurisdictionPart, placeKey } from '../domain/place.js';
import type { LocalRateRow, LocalRates } from '../domain/rules.js';
import { confidence, dateOrNull, indexBy, sectionedRows } from './table.js';
import { TENNESSEE_CITIES } from './tennessee-cities.js';
import { TENNESSEE_COUNTIES } from './tennessee-counties.js';
import { TENNESSEE_SOURCES } from './tennessee-sources.js';

/** Tenn. Code Ann. § 67-6-702: no local rate above 2.75 %. */
const CAP = toPpm(27_500);

/** Cities that are one government with their county, which levies the tax. */
const CONSOLIDATED = new Set(['Nashville']);

/** The local-option sales tax rows of Tennessee. */
export function tennesseeRates(): LocalRates {
  return {
    cap: CAP,
    counties: indexBy(sectionedRows(TENNESSEE_COUNTIES, 5).map(countyRow), (row) =>
      placeKey(row.county),
    ),
    cities: indexBy(sectionedRows(TENNESSEE_CITIES, 5).map(cityRow), (row) =>
      placeKey(row.city ?? ''),
    ),
  };
}

function countyRow([section = '', county = '', ...cells]: string[]): LocalRateRow {
  return {
    jurisdiction: `US-TN-${jurisdictionPart(county)}`,
    county,
    city: null,
    name: `${county} County Local Tax`,
    ...rate(section, cells),
  };
}

function cityRow([section = '', place = '', ...cells]: string[]): LocalRateRow {
  const [city = '', county = ''] = place.split(', ');
  const seat = CONSOLIDATED.has(city) ? jurisdictionPart(county) : `CITY-${jurisdictionPart(city)}`;
  return {
    jurisdiction: `US-TN-${seat}`,
    county,
    city,
    name: `${city} Local Tax`,
    ...rate(section, cells),
  };
}

function rate(section: string, [ppm, since = '', trust = '', note = '']: string[]) {
  const source = TENNESSEE_SOURCES[section];
  if (!source) throw new Error(`no source named ${section}`);
  return {
    ratePpm: toPpm(Number(ppm)),
    base: 'tickets',
    confidence: confidence(trust),
    effectiveFrom: dateOrNull(since),
    ...source,
    note,
  } as const;
}
