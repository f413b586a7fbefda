import { travelSpeed } from './travel-speed.js';

const NASHVILLE = { latitude: 36.16, longitude: -86.78 };
const TOKYO = { latitude: 35.68, longitude: 139.69 };
const at = (minutes: number) => new Date(Date.UTC(2026, 0, 12, 10, minutes));

it('is the way on the great circle by the time it took', () => {
  const speed = travelSpeed({ ...NASHVILLE, at: at(0) }, { ...TOKYO, at: at(600) });
  expect(speed).toBeGreaterThan(1_050);
  expect(speed).toBeLessThan(1_100);
});

it('is the same in both directions, and over the date line', () => {
  const one = { latitude: 0, longitude: 179, at: at(0) };
  const other = { latitude: 0, longitude: -179, at: at(60) };
  expect(travelSpeed(one, other)).toBe(222);
  expect(travelSpeed({ ...other, at: at(0) }, { ...one, at: at(60) })).toBe(222);
});

it('stays finite for two purchases of one moment', () => {
  const speed = travelSpeed({ ...NASHVILLE, at: at(0) }, { ...TOKYO, at: at(0) });
  expect(speed).toBe(travelSpeed({ ...NASHVILLE, at: at(0) }, { ...TOKYO, at: at(1) }));
  expect(Number.isSafeInteger(speed)).toBe(true);
});

it('is nothing between places that cannot be told apart', () => {
  const nearby = { latitude: 36.9, longitude: -86.78 };
  expect(travelSpeed({ ...NASHVILLE, at: at(0) }, { ...nearby, at: at(1) })).toBe(0);
});
