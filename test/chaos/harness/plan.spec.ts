import { PASSED, planOf, SLOTS } from './plan.js';

const wish = { kills: 1_000, seed: 7, servers: ['postgres', 'redis', 'rabbit'] as const };

describe('the plan of a run', () => {
  it('is the same for the same seed, another for another', () => {
    expect(planOf(wish)).toEqual(planOf(wish));
    expect(planOf(wish)).not.toEqual(planOf({ ...wish, seed: 8 }));
  });

  it('kills as often as it was asked to, everywhere', () => {
    const { deaths } = planOf(wish);
    const [first = 0, second = 0, worker = 0] = SLOTS.map((slot) => deaths[slot].length);
    expect(first + second + worker).toBe(1_000);
    expect(Math.min(first, second)).toBeGreaterThan(350);
    expect(worker).toBeGreaterThan(150);
  });

  it('comes to every failpoint on its way', () => {
    const deaths = Object.values(planOf(wish).deaths).flat();
    const names = new Set(
      deaths.flatMap((death) => ('failpoint' in death ? [death.failpoint] : [])),
    );
    expect([...names].sort()).toEqual([...PASSED].sort());
  });

  it('troubles only the servers that run', () => {
    const { incidents } = planOf({ ...wish, servers: ['postgres'] });
    expect(new Set(incidents.map(({ server }) => server))).toEqual(new Set(['postgres']));
  });
});
