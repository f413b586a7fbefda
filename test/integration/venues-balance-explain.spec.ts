import { QueryBus } from '@nestjs/cqrs';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { account, GetBalances } from '../../src/ledger/ledger.contract.js';
import { movement, startVenuesWorld, type VenuesWorld } from './venues-world.js';

let world: VenuesWorld;
let venueId: Uuid;
let owner: { authorization: string };

beforeAll(async () => {
  world = await startVenuesWorld(new Date());
});
afterAll(() => world.close());
beforeEach(async () => {
  venueId = world.platform.tickets.createVenue().id;
  owner = await world.token({ roles: ['venue_owner'], venues: [venueId] });
  world.clock.moveTo(new Date(Date.now() + 60_000));
});

interface Explanation {
  readonly causes: readonly {
    readonly amount: number;
    readonly runningTotal: number;
    readonly bucket: string;
    readonly at: string;
  }[];
  readonly total: number;
  readonly nextCursor?: string;
}

async function explain(query = '', headers = owner) {
  const url = `/api/v1/venues/${venueId}/balance/explain${query}`;
  const response = await world.app.inject({ method: 'GET', url, headers });
  return { status: response.statusCode, body: response.json<Explanation>() };
}

const post = async (...amounts: [Parameters<typeof movement>[2], number][]) => {
  for (const [bucket, cents] of amounts) {
    await world.database.transact(world.tenantId, [
      movement(world.tenantId, venueId, bucket, cents),
    ]);
  }
};

describe('GET /api/v1/venues/:venueId/balance/explain', () => {
  it('tells every cause in order, with the total so far', async () => {
    await post(['pending', 1_000], ['pending', -300], ['available', 300], ['debt', -50]);
    const { status, body } = await explain();
    expect(status).toBe(200);
    expect(body.total).toBe(950);
    expect(
      body.causes.map(({ bucket, amount, runningTotal }) => [bucket, amount, runningTotal]),
    ).toEqual([
      ['pending', 1_000, 1_000],
      ['pending', -300, 700],
      ['available', 300, 1_000],
      ['debt', -50, 950],
    ]);
    expect((await explain('?bucket=pending')).body).toMatchObject({ total: 700 });
  });

  it('at any instant totals what the balances of that instant are', async () => {
    await post(
      ...Array.from({ length: 12 }, (_, i) => ['pending', 100 + i] as ['pending', number]),
    );
    const { body } = await explain();
    for (const { at } of body.causes) {
      const told = (await explain(`?bucket=pending&at=${at}`)).body;
      const reading = await world.app
        .get(QueryBus)
        .execute(
          new GetBalances(world.tenantId, [account.venue(venueId, 'pending')], new Date(at)),
        );
      expect(told.total).toBe(Number(-(reading.balances[0]?.balance ?? 0n)));
      expect(told.causes.at(-1)?.runningTotal ?? 0).toBe(told.total);
    }
  });

  it('pages at one instant, whatever is posted meanwhile', async () => {
    await post(['pending', 1], ['pending', 2], ['pending', 4], ['pending', 8], ['pending', 16]);
    world.clock.moveTo(new Date(Date.now() + 50));
    await new Promise((resolve) => setTimeout(resolve, 60));
    const first = (await explain('?limit=2')).body;
    expect(first.causes.map(({ runningTotal }) => runningTotal)).toEqual([1, 3]);
    await post(['pending', 32]);
    const second = (await explain(`?limit=2&cursor=${first.nextCursor ?? ''}`)).body;
    const third = (await explain(`?limit=2&cursor=${second.nextCursor ?? ''}`)).body;
    expect(second.causes.map(({ runningTotal }) => runningTotal)).toEqual([7, 15]);
    expect(third.causes.map(({ runningTotal }) => runningTotal)).toEqual([31]);
    expect(third.nextCursor).toBeUndefined();
    expect([first.total, second.total, third.total]).toEqual([31, 31, 31]);
  });

  it('is for the venue’s owner, manager and admins', async () => {
    await post(['pending', 1]);
    const manager = await world.token({ roles: ['venue_manager'], venues: [venueId] });
    const admin = await world.token({ roles: ['admin'] });
    expect((await explain('', manager)).status).toBe(200);
    expect((await explain('', admin)).status).toBe(200);
    const other = await world.token({ roles: ['venue_owner'], venues: [newId()] });
    const strange = await world.token({ roles: ['admin'], tenantId: newId() });
    expect((await explain('', other)).status).toBe(404);
    expect((await explain('', strange)).status).toBe(404);
    expect((await explain('', await world.token({ roles: ['user'] }))).status).toBe(403);
  });

  it.each(['?at=yesterday', '?bucket=all', '?currency=EUR', '?cursor=x', '?limit=0'])(
    'refuses %s',
    async (query) => {
      expect((await explain(query)).status).toBe(422);
    },
  );
});
