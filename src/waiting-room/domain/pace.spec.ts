import fc from 'fast-check';
import { etaRange } from './pace.js';

const minutes = (...admitted: number[]) => ({ spanSeconds: 60, admitted });

describe('the expected wait', () => {
  it('is unknown while nobody was admitted', () => {
    expect(etaRange(10, minutes())).toBeNull();
    expect(etaRange(10, minutes(0, 0))).toBeNull();
  });

  it('lies between the best minute and the mean of all, with a quarter to spare', () => {
    expect(etaRange(119, minutes(60, 0, 120))).toEqual({ fromSeconds: 48, toSeconds: 160 });
  });

  it('counts the minutes in which nobody was admitted', () => {
    expect(etaRange(9, minutes(10))).toEqual({ fromSeconds: 48, toSeconds: 80 });
    expect(etaRange(9, minutes(10, 0, 0, 0))).toEqual({ fromSeconds: 48, toSeconds: 320 });
  });

  it('is of the seconds that were covered: fifty in five seconds are six hundred a minute', () => {
    const fiveSeconds = { spanSeconds: 5, admitted: [50] };
    expect(etaRange(599, fiveSeconds)).toEqual({ fromSeconds: 48, toSeconds: 80 });
  });

  it('is a range, and grows with the number of people ahead', () => {
    const pace = fc.record({
      spanSeconds: fc.integer({ min: 1, max: 119 }),
      admitted: fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), pace, (ahead, lately) => {
        const [near, far] = [etaRange(ahead, lately), etaRange(ahead + 1, lately)];
        if (near === null || far === null) return;
        expect(near.fromSeconds).toBeLessThanOrEqual(near.toSeconds);
        expect(near.fromSeconds).toBeLessThanOrEqual(far.fromSeconds);
        expect(near.toSeconds).toBeLessThanOrEqual(far.toSeconds);
      }),
    );
  });
});
