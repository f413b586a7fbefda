import { CHAINS, passedWith, planOf, type Server, SLOTS } from './plan.js';

const servers: readonly Server[] = ['postgres', 'redis', 'rabbit'];
const wish = { kills: 1_000, seed: 7, servers };
const minting = { ...wish, servers: [...servers, ...CHAINS] };

const failpointsIn = ({ deaths }: ReturnType<typeof planOf>) =>
  new Set(
    Object.values(deaths)
      .flat()
      .flatMap((death) => ('failpoint' in death ? [death.failpoint] : [])),
  );

describe('the plan of a run', () => {
  it('is the same for the same seed, another for another', () => {
    expect(planOf(wish)).toEqual(planOf(wish));
    expect(planOf(wish)).not.toEqual(planOf({ ...wish, seed: 8 }));
  });

  it('kills as often as it was asked to, everywhere', () => {
    const { deaths } = planOf(wish);
    const [first = 0, second = 0, worker = 0] = SLOTS.map((slot) => deaths[slot]?.length);
    expect(first + second + worker).toBe(1_000);
    expect(Math.min(first, second)).toBeGreaterThan(350);
    expect(worker).toBeGreaterThan(150);
  });

  it.each([wish, minting])('comes to every failpoint on its way', (wanted) => {
    expect([...failpointsIn(planOf(wanted))].sort()).toEqual(
      [...passedWith(wanted.servers)].sort(),
    );
  });

  it('troubles only the servers that run', () => {
    const { incidents } = planOf({ ...wish, servers: ['postgres'] });
    expect(new Set(incidents.map(({ server }) => server))).toEqual(new Set(['postgres']));
  });

  it('knows nothing of minting without chains', () => {
    const plan = planOf(wish);
    expect(Object.keys(plan)).toEqual(['deaths', 'incidents', 'provider']);
    expect(Object.keys(plan.deaths)).toEqual([...SLOTS]);
    expect([...failpointsIn(plan)].filter((name) => name.startsWith('mint.'))).toEqual([]);
  });

  it('kills two workers where tickets are minted, and troubles the chains', () => {
    const { deaths, incidents, chains } = planOf(minting);
    expect(Object.keys(deaths)).toEqual([...SLOTS, 'worker-2']);
    expect(deaths['worker-2']?.length).toBeGreaterThan(100);
    expect(new Set(incidents.map(({ trouble }) => trouble))).toContain('reorganize');
    expect(new Set(incidents.map(({ trouble }) => trouble))).toContain('expire');
    expect(chains).toMatchObject({
      polygon: { dropReceiptsPpm: 200_000 },
      solana: { dropReceiptsPpm: 200_000 },
    });
  });
});
