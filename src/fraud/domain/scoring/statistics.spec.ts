import {
  deviation,
  evenness,
  figure,
  mean,
  median,
  robustVariation,
  variation,
} from './statistics.js';

it('the median is the middle, or the mean of the middle two', () => {
  expect(median([])).toBeNull();
  expect(median([10, 9, 2])).toBe(9);
  expect(median([100, 9, 2, 1])).toBe(5.5);
});

it('deviation and variation are those of the population', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  expect([mean(values), deviation(values), variation(values)]).toEqual([5, 2, 0.4]);
  expect([mean([]), deviation([]), variation([]), variation([0, 0])]).toEqual([0, 0, 0, 0]);
});

it('robust variation does not see one far value', () => {
  expect(robustVariation([100, 110, 90, 100, 110, 90])).toBeCloseTo(0.148, 3);
  expect(robustVariation([100, 110, 90, 100, 110, 90, 2_000])).toBeCloseTo(0.148, 3);
  expect(robustVariation([])).toBe(0);
});

it('evenness is 0 for durations alike and 1 for all different ones', () => {
  expect(evenness([500, 505, 498, 510])).toBe(0);
  expect(evenness([100, 200, 400, 800])).toBe(1);
  expect(evenness([100, 100, 400, 400])).toBe(0.5);
  expect(evenness([100])).toBe(0);
});

it('figures are short and survive JSON', () => {
  expect(figure(1 / 3)).toBe(0.333333);
  expect(Object.is(figure(-1e-9), 0)).toBe(true);
  expect([figure(null), figure(NaN), figure(Infinity)]).toEqual([null, null, null]);
});
