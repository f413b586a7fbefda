import { qualityOf, wilson } from './confusion.js';

describe("Wilson's interval", () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', (counted, of, low, high) => {
    const interval = wilson(counted, of);
    expect(interval.share).toBe(counted / of);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('is mirrored for the others', () => {
    expect(wilson(20, 20)).toMatchObject({ share: 1, high: 1 });
    expect(wilson(20, 20).low).toBeCloseTo(1 - 0.1611, 4);
    expect(wilson(28, 29).low).toBeCloseTo(1 - 0.1718, 4);
  });

  it('says nothing of nobody', () => {
    expect(wilson(0, 0)).toEqual({ share: null, low: null, high: null });
  });
});

it('quality is precision, recall and false positives, each of its own crowd', () => {
  const confusion = { botsDeclined: 36, bots: 40, humansDeclined: 12, humans: 3_960 };
  expect(qualityOf(confusion)).toMatchObject({
    precision: { share: 36 / 48 },
    recall: { share: 36 / 40 },
    falsePositives: { share: 12 / 3_960 },
  });
});

it('nobody declined: no precision, and neither recall nor false positives', () => {
  const none = { botsDeclined: 0, bots: 4, humansDeclined: 0, humans: 9 };
  expect(qualityOf(none)).toMatchObject({
    precision: { share: null },
    recall: { share: 0 },
    falsePositives: { share: 0 },
  });
});
