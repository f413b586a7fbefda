import { bowOf, roughnessOf, straightnessOf, turningOf } from './path-shape.js';
import type { Stroke } from './strokes.js';

const FRAME = 16;
const along = (count: number, at: (i: number) => readonly [number, number]): Stroke =>
  Array.from({ length: count }, (_, i) => {
    const [x, y] = at(i);
    return { t: i * FRAME, x, y };
  });

const line = along(21, (i) => [10 * i, 0]);
const halfCircle = along(41, (i) => [
  100 - 100 * Math.cos((Math.PI * i) / 40),
  100 * Math.sin((Math.PI * i) / 40),
]);

it('a line is straight, has no bow and no turn', () => {
  expect([straightnessOf(line), bowOf(line), turningOf(line)]).toEqual([1, 0, 0]);
});

it('half a circle is two over pi straight, bows half its chord and turns by pi', () => {
  expect(straightnessOf(halfCircle)).toBeCloseTo(2 / Math.PI, 2);
  expect(bowOf(halfCircle)).toBeCloseTo(0.5, 5);
  expect(turningOf(halfCircle)).toBeGreaterThan(0.85 * Math.PI);
  expect(turningOf(halfCircle)).toBeLessThan(Math.PI);
});

it('turns count alike to both sides, also across the direction where angles start anew', () => {
  const back = along(31, (i) => [-10 * i, i % 2 === 0 ? 5 : -5]);
  expect(turningOf(back)).toBeCloseTo((29 * Math.PI) / 2, 5);
});

it('a stroke that goes nowhere has no shape to speak of', () => {
  const point = { t: 0, x: 1, y: 1 };
  expect(straightnessOf([point, point])).toBe(1);
  expect([bowOf([point, point]), bowOf([]), turningOf([])]).toEqual([0, 0, 0]);
});

describe('roughness', () => {
  // A fixed, normal-looking sequence with a standard deviation of 1.
  const noise = (i: number) => Math.sqrt(2) * Math.sin(i * i * 1.7 + i);
  const noisy = (px: number) => along(400, (i) => [6 * i, px * noise(i)]);

  it('is about the deviation of what is added across the path', () => {
    expect(roughnessOf([noisy(2)]) ?? 0).toBeGreaterThan(1.4);
    expect(roughnessOf([noisy(2)]) ?? 0).toBeLessThan(2.6);
    expect(roughnessOf([noisy(4)])).toBeCloseTo(2 * (roughnessOf([noisy(2)]) ?? 0), 0);
  });

  it('is nothing on a parabola, whatever the pace', () => {
    const thrown = [
      0, 10, 28, 40, 55, 80, 90, 110, 128, 140, 160, 175, 190, 200, 216, 230, 250, 260,
    ];
    const stroke = thrown.map((t) => ({ t, x: t, y: t * t * 0.004 }));
    expect(roughnessOf([stroke])).toBeCloseTo(0, 9);
  });

  it('does not see noise along the path, where the clock trembles', () => {
    expect(roughnessOf([along(400, (i) => [9 * i + noise(i), 0])])).toBe(0);
  });

  it('says nothing of a few points, of slow ones, or of uneven times', () => {
    expect(roughnessOf([noisy(2).slice(0, 12)])).toBeNull();
    expect(roughnessOf([along(400, (i) => [i, 0])])).toBeNull();
    const uneven = noisy(2).map((p, i) => ({ ...p, t: i * 40 - (i % 2) * 35 }));
    expect(roughnessOf([uneven])).toBeNull();
  });
});
