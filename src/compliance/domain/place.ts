/** Where an event takes place. `zip` and `street` are carried, not used, until an engine needs them. */
export interface Place {
  readonly street?: string;
  readonly city?: string;
  readonly county?: string;
  /** Two letters, `US-TN`, or the full name. */
  readonly state?: string;
  readonly zip?: string;
  /** ISO 3166 alpha-2 or the country's name; the United States when absent. */
  readonly country?: string;
}

const UNITED_STATES = new Set(['', 'US', 'USA', 'UNITEDSTATES', 'UNITEDSTATESOFAMERICA']);

/** Upper-case letters and digits only: `La Vergne`, `LaVergne` and `la vergne` are one place. */
export function placeKey(name: string | undefined): string {
  return plain(name ?? '').replace(/[^A-Z0-9]/g, '');
}

/** The name as part of a jurisdiction code: `Van Buren` → `VAN-BUREN`. */
export function jurisdictionPart(name: string): string {
  return plain(name)
    .replace(/[^A-Z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** A county's name without the word: `Davidson County` → `Davidson`. */
export function countyName(name: string | undefined): string {
  return (name ?? '').trim().replace(/\s+(county|parish|borough)$/i, '');
}

export function isUnitedStates(place: Place): boolean {
  return UNITED_STATES.has(placeKey(place.country));
}

/** The two-letter code of a place's state, or what was given, upper-cased, where none is known. */
export function stateCode(place: Place, codeByName: ReadonlyMap<string, string>): string {
  const given = placeKey(place.state?.trim().replace(/^us-/i, ''));
  return codeByName.get(given) ?? given;
}

/** Upper case without accents. */
function plain(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
}
