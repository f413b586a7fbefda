import fc from 'fast-check';
import {
  type BillingAddress,
  lacksPostalCode,
  normalizeBillingAddress,
} from './normalize-limit-address.js';

const base: BillingAddress = {
  line1: '116 5th Avenue North',
  line2: 'Apartment 4B',
  city: 'Nashville',
  state: 'TN',
  postalCode: '37203',
  country: 'US',
};
const text = (over: Partial<BillingAddress>) => normalizeBillingAddress({ ...base, ...over });
const line = (line1: string) => text({ line1, line2: undefined });

describe('one door', () => {
  it.each<[string, Partial<BillingAddress>]>([
    ['letter case', { line1: '116 5TH AVENUE north', line2: 'APARTMENT 4b' }],
    ['abbreviations', { line1: '116 5th Ave. N.' }],
    ['ordinals in words', { line1: '116 Fifth Avenue North' }],
    ['spaces and commas', { line1: ' 116,  5th Avenue  North, ' }],
    ['unit designators', { line2: 'Unit #4-B' }],
    ['no designator at all', { line2: '4 B' }],
    ['the unit on the first line', { line1: '116 5th Ave N Apt 4B', line2: undefined }],
    ['an empty second line', { line1: '116 5th Ave N #4B', line2: '' }],
    ['fullwidth letters', { line1: '１１６ ５th Avenue North' }],
    ['invisible characters', { line1: '116\u200b 5th Ave\u00adnue North' }],
    ['ZIP+4', { postalCode: '37203-1234' }],
    ['another name for the city', { city: 'Music City', state: 'Tennessee' }],
    ['no state', { state: undefined }],
    ['the country in lower case', { country: 'us' }],
  ])('is the same with %s', (_, over) => {
    expect(text(over)).toBe(normalizeBillingAddress(base));
  });

  it.each([
    ['1 St James St', '1 Saint James Street'],
    ['12 Rue de l’Église', "12 RUE DE L'EGLISE"],
    ['Hauptstraße 5', 'Hauptstr. 5'],
    ['Münchener Straße 5', 'MUNCHENER STR. 5'],
    ['Ul. Łódzka 7', 'ul lodzka 7'],
    ['10 Peachtree Blvd NE', '10 Peachtree Boulevard Northeast'],
    ['P.O. Box 12', 'PO Box 12'],
    ['山手通り 1', '山手通り　1'],
    ['7 Main St Apt 4E', '7 Main St Apt 4 E'],
    ['7 Main St #4-S', '7 Main Street 4s'],
    ['100 N Main St', '100 North Main Street'],
    ['12B Baker Street', '12 b Baker St'],
  ])('%s is %s', (one, other) => {
    expect(line(one)).toBe(line(other));
  });

  it('reads the postal code of any country without spaces, in either case', () => {
    const london = { country: 'GB', city: 'London' };
    expect(text({ ...london, postalCode: 'sw1a 1aa' })).toBe(
      text({ ...london, postalCode: 'SW1A1AA' }),
    );
  });
});

describe('two doors', () => {
  it.each<[string, Partial<BillingAddress>]>([
    ['house number', { line1: '117 5th Avenue North' }],
    ['street', { line1: '116 6th Avenue North' }],
    ['direction', { line1: '116 5th Avenue South' }],
    ['unit', { line2: 'Apt 4C' }],
    ['unit left out', { line2: undefined }],
    ['postal code', { postalCode: '37204' }],
    ['country', { country: 'CA' }],
  ])('differ by %s', (_, over) => {
    expect(text(over)).not.toBe(normalizeBillingAddress(base));
  });

  it.each([
    ['1 23rd Street', '12 3rd Street'],
    ['5 Main Street Apt 12', '12 Main Street Apt 5'],
    ['1 Main Street 11', '11 Main Street 1'],
    ['12 Main Street', '12 Main Road'],
    ['7 Main Street 4E', '7 Main Street 4W'],
    ['7 Main Street 4E', '7 Main Street E4'],
  ])('%s is not %s', (one, other) => {
    expect(line(one)).not.toBe(line(other));
  });

  it('differ by a code that is not a ZIP to the last letter', () => {
    const given = { country: 'NL', line1: 'Dam 1' };
    expect(text({ ...given, postalCode: '1012 JS' })).not.toBe(
      text({ ...given, postalCode: '1012 JT' }),
    );
  });

  it('differ by city where there is no postal code', () => {
    for (const postalCode of ['', '-', '00000']) {
      const dubai = text({ country: 'AE', city: 'Dubai', postalCode });
      expect(text({ country: 'AE', city: 'Sharjah', postalCode })).not.toBe(dubai);
      expect(text({ country: 'AE', city: 'DUBAI', postalCode: '' })).toBe(dubai);
    }
  });
});

it.each([
  ['37203', 'US', false],
  ['37203-1234', 'us', false],
  ['', 'US', true],
  ['00000', 'US', true],
  ['none', 'US', true],
  ['3720', 'US', true],
  ['', 'AE', false],
])('the postal code %p in %s is missing: %p', (postalCode, country, missing) => {
  expect(lacksPostalCode(postalCode, country)).toBe(missing);
});

it('never depends on letter case, surrounding spaces or how Unicode is composed', () => {
  const words = fc.string({ unit: 'grapheme', maxLength: 20 });
  fc.assert(
    fc.property(words, words, (line1, line2) => {
      const address = { ...base, line1, line2 };
      const same = normalizeBillingAddress(address);
      const decomposed = { line1: `  ${line1.normalize('NFD')} `, line2: line2.normalize('NFD') };
      expect(normalizeBillingAddress({ ...address, ...decomposed })).toBe(same);
      const ascii = { ...address, line1: line1.replace(/[^ -~]/g, ''), line2: '' };
      expect(normalizeBillingAddress({ ...ascii, line1: ascii.line1.toUpperCase() })).toBe(
        normalizeBillingAddress(ascii),
      );
    }),
  );
});
