import { readAs, UNIT_DESIGNATORS } from './limit-address-words.js';

/** Where a card's bills go, as its holder wrote it. */
export interface BillingAddress {
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly state?: string | undefined;
  readonly postalCode: string;
  /** ISO 3166 alpha-2, in either case. */
  readonly country: string;
}

/**
 * One text for all usual spellings of a door: letter case, accents, punctuation, abbreviations and
 * unit designators make no difference. The postal code stands for city and state, whose names are
 * written in more ways than can be listed; only without one the city counts. One door so has two
 * texts, with its code and without: `lacksPostalCode` tells where a code must be asked for. The text
 * is for comparing, not for letters.
 */
export function normalizeBillingAddress(address: BillingAddress): string {
  const country = plain(address.country);
  const postalCode = normalizePostalCode(address.postalCode, country);
  const doors = words(`${address.line1} ${address.line2 ?? ''}`);
  const place = postalCode === '' ? words(address.city) : [];
  return [doors.join(' '), place.join(' '), postalCode, country].join('\n');
}

/** Is the code missing of a country in which every door has one, that of its buyers (five digits)? */
export function lacksPostalCode(postalCode: string, country: string): boolean {
  const read = plain(country);
  return read === 'us' && !/^\d{5}/.test(normalizePostalCode(postalCode, read));
}

/** ZIP+4 names a side of the street, and is mostly left out. Zeros are what people without one type. */
function normalizePostalCode(given: string, country: string): string {
  const code = plain(given).replaceAll(' ', '');
  if (/^0*$/.test(code)) return '';
  return country === 'us' ? code.slice(0, 5) : code;
}

/**
 * A letter behind a number is a word of its own: 4B is "4 B" and "4-B". It may be a direction as well,
 * "100 N Main" as "4 N", and is read as one in every spelling.
 */
function words(text: string): string[] {
  return plain(text)
    .replace(/(?<=(?:^| )\p{N}+)(?=\p{L}(?: |$))/gu, ' ')
    .split(' ')
    .filter((word) => word !== '' && !UNIT_DESIGNATORS.has(word))
    .map(readAs);
}

/** Letters that Unicode does not take apart into a base and its accent. */
const WHOLE_LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
};

/** Lower-case letters and digits with single spaces. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}.'’‘ʼ]/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/[łøđıæœ]/g, (letter) => WHOLE_LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
