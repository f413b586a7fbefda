/**
 * Words of addresses that are written in several ways, each with the one it is read as: those that
 * people abbreviate (USPS Publication 28, appendices B and C), directions and low ordinals.
 */
const SPELLINGS: Readonly<Record<string, string>> = {
  // "St" is a street as often as a saint: what is compared needs to tell neither.
  street: 'st str strasse saint',
  avenue: 'av ave aven',
  boulevard: 'blvd boul',
  road: 'rd',
  drive: 'dr drv',
  lane: 'ln',
  court: 'ct crt',
  place: 'pl',
  square: 'sq',
  terrace: 'ter terr',
  circle: 'cir circ',
  highway: 'hwy',
  parkway: 'pkwy pky',
  expressway: 'expy',
  turnpike: 'tpke',
  trail: 'trl',
  alley: 'aly',
  way: 'wy',
  crescent: 'cres',
  heights: 'hts',
  mount: 'mt',
  fort: 'ft',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  '1st': 'first',
  '2nd': 'second',
  '3rd': 'third',
  '4th': 'fourth',
  '5th': 'fifth',
  '6th': 'sixth',
  '7th': 'seventh',
  '8th': 'eighth',
  '9th': 'ninth',
  '10th': 'tenth',
};

const READ_AS: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([word, others]) =>
    others.split(' ').map((other): [string, string] => [other, word]),
  ),
);

/** A word as all its spellings are read. */
export function readAs(word: string): string {
  return READ_AS.get(word) ?? word.replace(/(?<=.)strasse$/, 'str');
}

/** What announces a part of a building: with or without it, 4B is the same door. */
export const UNIT_DESIGNATORS: ReadonlySet<string> = new Set(
  'apartment apt appt unit suite ste room rm floor fl flat no number nr'.split(' '),
);
