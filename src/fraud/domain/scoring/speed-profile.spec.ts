import { edgeOf, peaksOf, profileOf, spreadOf } from './speed-profile.js';
import type { Stroke } from './strokes.js';

const run = (place: (share: number) => number, count = 51): Stroke =>
  Array.from({ length: count }, (_, i) => ({ t: i * 10, x: place(i / (count - 1)), y: 0 }));

const even = run((s) => 500 * s);
const smooth = run((s) => 500 * (10 * s ** 3 - 15 * s ** 4 + 6 * s ** 5));

it('an even stroke is as fast in each tenth', () => {
  expect(profileOf(even)?.map((speed) => Number(speed.toFixed(6)))).toEqual(Array(10).fill(1));
  expect(edgeOf(profileOf(even) ?? [])).toBeCloseTo(1);
});

it('the smoothest stroke peaks once, in the middle, and is slow at its ends', () => {
  const profile = profileOf(smooth) ?? [];
  expect(Math.max(...profile)).toBeCloseTo(1.84, 1);
  expect(edgeOf(profile)).toBeLessThan(0.1);
  expect(peaksOf(profile)).toBe(1);
});

it('is the same however long the stroke takes and goes', () => {
  const slower = smooth.map(({ t, x, y }) => ({ t: t * 3, x: x * 2, y }));
  expect(spreadOf([smooth, slower].map((stroke) => profileOf(stroke) ?? []))).toBeCloseTo(0, 9);
  expect(spreadOf([smooth, even].map((stroke) => profileOf(stroke) ?? []))).toBeGreaterThan(0.2);
});

it('counts each time that the speed rises anew, but no ripple', () => {
  expect(peaksOf([0.1, 1, 0.5, 1, 0.2])).toBe(2);
  expect(peaksOf([0.1, 1, 0.9, 1, 0.2])).toBe(1);
  expect(peaksOf([0.1, 1, 0.2, 0.8, 0.3, 0.9])).toBe(3);
});

it('there is none without time or way', () => {
  const rest = { x: 1, y: 1 };
  expect(profileOf([])).toBeNull();
  expect(profileOf([{ t: 1, ...rest }])).toBeNull();
  expect(
    profileOf([
      { t: 1, ...rest },
      { t: 9, ...rest },
    ]),
  ).toBeNull();
});
