import { standing, type Standing, tightest } from './standing.js';

const of = (count: number, changes: Partial<Standing> = {}): Standing => ({
  ...standing('user', 10, { count, msLeft: 30_000 }),
  ...changes,
});

describe('how a caller stands', () => {
  it('has all of the limit, and no more', () => {
    expect(of(10)).toMatchObject({ remaining: 0, exceeded: false, resetSeconds: 30 });
    expect(of(11)).toMatchObject({ remaining: 0, exceeded: true });
  });

  it.each([
    [59_001, 60],
    [1, 1],
    [0, 1],
    [-5, 1],
  ])('with %i ms left comes back in %i s: never at once, never too early', (msLeft, seconds) => {
    expect(standing('user', 10, { count: 1, msLeft }).resetSeconds).toBe(seconds);
  });

  it('tells the limit that has the least left', () => {
    const near = of(9, { level: 'endpoint' });
    expect(tightest(of(1), near, of(5))).toBe(near);
    expect(tightest(near, of(1))).toBe(near);
  });

  it('tells of what is exceeded, and when the last of it is over', () => {
    const soon = of(11, { resetSeconds: 5 });
    const late = of(12, { resetSeconds: 50, level: 'address' });
    expect(tightest(of(10), soon)).toBe(soon);
    expect(tightest(soon, late, of(10))).toBe(late);
    expect(tightest(late, soon)).toBe(late);
  });
});
