import { countyName, isUnitedStates, jurisdictionPart, placeKey, stateCode } from './place.js';
import { businessDate } from '../../kernel/business-date.js';

describe('names of places', () => {
  it('compare without case, spaces, punctuation and accents', () => {
    expect(placeKey(' La  Vergne')).toBe(placeKey('LaVergne'));
    expect(placeKey('Cañon City')).toBe('CANONCITY');
    expect(placeKey(undefined)).toBe('');
  });

  it('become part of a code', () => {
    expect(jurisdictionPart(' Van Buren. ')).toBe('VAN-BUREN');
    expect(countyName('Davidson County')).toBe('Davidson');
    expect(countyName(undefined)).toBe('');
  });

  const codes = new Map([['NEWYORK', 'NY']]);
  it.each([
    ['ny', 'NY'],
    ['US-NY', 'NY'],
    [' New York ', 'NY'],
    ['Ontario', 'ONTARIO'],
    [undefined, ''],
  ])('state %s is %s', (state, code) => {
    expect(stateCode({ state }, codes)).toBe(code);
  });

  it.each([
    [undefined, true],
    ['us', true],
    ['U.S.A.', true],
    ['United States', true],
    ['CA', false],
  ])('country %s: United States %s', (country, expected) => {
    expect(isUnitedStates({ country })).toBe(expected);
  });
});

describe('localDate', () => {
  const instant = new Date('2025-02-01T05:30:00Z');
  it.each([
    ['UTC', '2025-02-01'],
    ['America/New_York', '2025-02-01'],
    ['America/Chicago', '2025-01-31'],
  ])('in %s is %s', (zone, date) => {
    expect(businessDate(instant, zone)).toBe(date);
  });
});
