import { MAIN_TIME_ZONE } from './time-zones.js';
import { loadRuleBook } from './rule-book.js';
import { confidence, dateOrNull, sectionedRows, tableRows } from './table.js';

const book = loadRuleBook();
const tennessee = book.localRates.get('TN');

describe('the rows that are shipped', () => {
  it('cover the fifty states and the District of Columbia, each with a time zone', () => {
    expect(book.states.size).toBe(51);
    expect(book.codes.size).toBe(51);
    for (const state of book.states.keys()) expect(MAIN_TIME_ZONE.has(state)).toBe(true);
    expect(MAIN_TIME_ZONE.size).toBe(51);
  });

  it('cover the 95 counties of Tennessee, and every city names one of them', () => {
    expect(tennessee?.counties.size).toBe(95);
    for (const rows of tennessee?.cities.values() ?? []) {
      for (const row of rows) {
        expect(tennessee?.counties.has(row.county.toUpperCase().replace(' ', ''))).toBe(true);
      }
    }
  });

  it('keep to the law of Tennessee: multiples of a quarter per cent, at most 2.75', () => {
    const rows = [...(tennessee?.counties.values() ?? []), ...(tennessee?.cities.values() ?? [])];
    for (const { ratePpm } of rows.flat()) {
      expect(ratePpm % 2_500).toBe(0);
      expect(ratePpm).toBeLessThanOrEqual(27_500);
    }
  });

  it('never hold two rows of one place for the same day', () => {
    for (const rows of [...book.states.values(), ...(tennessee?.counties.values() ?? [])]) {
      expect(new Set(rows.map((row) => row.effectiveFrom)).size).toBe(rows.length);
    }
  });

  it('hold rates finer than a basis point', () => {
    expect(book.states.get('MN')?.[0]?.ratePpm).toBe(68_750);
    expect(book.states.get('MO')?.[0]?.ratePpm).toBe(42_250);
  });

  it('each name a source, and a state its treatment only once', () => {
    const treated = [...book.treatments.values()];
    const rows = [...book.states.values(), ...treated, ...book.admissionTaxes.values()].flat();
    for (const row of rows) expect(row.source).not.toBe('');
    for (const row of treated) expect(row).toHaveLength(1);
  });

  it('have a version', () => {
    expect(book.version).toMatch(/^[0-9a-f]{16}$/);
    expect(loadRuleBook().version).toBe(book.version);
  });
});

describe('a malformed table', () => {
  it('is refused', () => {
    expect(() => tableRows('a|b', 3)).toThrow('not a row of 3 columns');
    expect(() => sectionedRows('[x]\na', 2)).toThrow('not a row of 2 columns');
    expect(() => dateOrNull('2025-1')).toThrow('not a date');
    expect(() => confidence('sure')).toThrow('not a confidence');
  });

  it('is read by section', () => {
    expect(sectionedRows('\n[x]\na|b\n[y]\nc|d\n', 2)).toEqual([
      ['x', 'a', 'b'],
      ['y', 'c', 'd'],
    ]);
  });
});
