import { toPpm } from '../../kernel/money/index.js';
import { tennesseeRates } from '../data/tennessee.js';
import { findLocalRate } from './local-rates.js';
import type { LocalRateRow, LocalRates } from './rules.js';

const find = (place: { city?: string; county?: string }, date = '2026-11-21') =>
  findLocalRate(tennesseeRates(), place, date);

describe('findLocalRate in Tennessee', () => {
  it.each([
    [{ city: 'Nashville' }, 27_500, 'US-TN-DAVIDSON'],
    [{ city: ' nashville ' }, 27_500, 'US-TN-DAVIDSON'],
    [{ city: 'Memphis' }, 27_500, 'US-TN-CITY-MEMPHIS'],
    [{ city: 'KNOXVILLE', county: 'Knox County' }, 22_500, 'US-TN-CITY-KNOXVILLE'],
    [{ city: 'Berry Hill', county: 'Davidson' }, 27_500, 'US-TN-DAVIDSON'],
  ])('%j is certain', (place, ratePpm, jurisdiction) => {
    const { row, doubts } = find(place);
    expect(row).toMatchObject({ ratePpm, jurisdiction });
    expect(doubts).toEqual([]);
  });

  it.each([
    [{ city: 'Farragut', county: 'Knox' }, 22_500, 'a city in it may add its own'],
    [{ county: 'Shelby' }, 22_500, 'a city in it may add its own'],
    [{ city: 'Lakeland' }, 22_500, 'Lakeland Local Tax: low confidence, not charged'],
    [{ city: 'LaVergne' }, 27_500, 'medium confidence'],
    [{ city: 'Spring Hill' }, 27_500, 'medium confidence'],
    [{ city: 'Nashville', county: 'Shelby' }, 22_500, 'rate of Shelby County'],
    [{ city: 'Jackson', county: 'Madison' }, 27_500, 'medium confidence'],
  ])('%j is an estimate', (place, ratePpm, doubt) => {
    const { row, doubts } = find(place);
    expect(row?.ratePpm).toBe(ratePpm);
    expect(doubts.join()).toContain(doubt);
  });

  it.each([
    [{ city: 'Nowhere' }, 'no local rate known for Nowhere'],
    [{ county: 'Sumner' }, 'Sumner County Local Tax: low confidence, not charged'],
    [{ county: 'Smith' }, 'conflict confidence, not charged'],
    [{}, 'no local rate known for the place'],
  ])('%j has none that may be charged', (place, doubt) => {
    const { row, doubts } = find(place);
    expect(row).toBeUndefined();
    expect(doubts.join()).toContain(doubt);
  });

  it('does not vouch for a day before the source was checked, nor before the first day', () => {
    expect(find({ city: 'Memphis' }, '2026-07-21').doubts.join()).toContain('after the sale');
    expect(find({ city: 'Memphis' }, '2026-07-22').doubts).toEqual([]);
    expect(find({ county: 'Lewis' }, '2022-10-31')).toMatchObject({ row: undefined });
    expect(find({ county: 'Lewis' }, '2022-11-01').row?.ratePpm).toBe(27_500);
  });

  it('implies the county of a city that lies in one', () => {
    expect(find({ city: 'Nashville' }).county).toBe('Davidson');
    expect(find({ city: 'Spring Hill' }).county).toBeUndefined();
  });
});

describe('a city in two counties with two rates', () => {
  const row = (county: string, ratePpm: number): LocalRateRow => ({
    jurisdiction: 'US-TN-CITY-TWOFOLD',
    name: 'Twofold Local Tax',
    city: 'Twofold',
    county,
    ratePpm: toPpm(ratePpm),
    base: 'tickets',
    confidence: 'high',
    effectiveFrom: null,
    asOf: '2026-01-01',
    source: 'fixture',
    note: '',
  });
  const rates: LocalRates = {
    cap: toPpm(27_500),
    counties: new Map(),
    cities: new Map([['TWOFOLD', [row('East', 20_000), row('West', 25_000)]]]),
  };

  it('needs the county', () => {
    const both = findLocalRate(rates, { city: 'Twofold' }, '2026-02-01');
    expect(both.row).toBeUndefined();
    expect(both.doubts.join()).toContain('county not given');
    const west = findLocalRate(rates, { city: 'Twofold', county: 'West' }, '2026-02-01');
    expect(west.row?.ratePpm).toBe(25_000);
  });
});
