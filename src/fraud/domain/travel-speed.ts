/** Degrees, WGS 84. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

export interface Sighting extends Location {
  readonly at: Date;
}

const EARTH_KM = 6_371;
const HOUR_MS = 3_600_000;
/** Two purchases of one moment are not infinitely fast. */
const SHORTEST_MS = 60_000;
/** Positions by network address are no better. */
const BLUR_KM = 100;

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * Kilometres an hour on the great circle, rounded; 0 within 100 km, which is as well as places are
 * known.
 */
export function travelSpeed(from: Sighting, to: Sighting): number {
  const distance = kilometres(from, to);
  if (distance <= BLUR_KM) return 0;
  const elapsed = Math.max(Math.abs(to.at.getTime() - from.at.getTime()), SHORTEST_MS);
  return Math.round((distance * HOUR_MS) / elapsed);
}

function kilometres(a: Location, b: Location): number {
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const chord =
    half(a.latitude, b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}
