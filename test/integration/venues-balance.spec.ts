import { newId, type Uuid } from '../../src/kernel/ids.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { eventually } from '../support/shop.js';
import { capturedSale, movement, startVenuesWorld, type VenuesWorld } from './venues-world.js';

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
});

async function balance(headers = owner, id: string = venueId) {
  const url = `/api/v1/venues/${id}/balance`;
  const response = await world.app.inject({ method: 'GET', url, headers });
  return { status: response.statusCode, body: response.json<Record<string, never>>() };
}

const post = (...moved: ReturnType<typeof movement>[]) =>
  world.database.transact(world.tenantId, moved);
const on = (bucket: Parameters<typeof movement>[2], cents: number, code = 'test') =>
  movement(world.tenantId, venueId, bucket, cents, { code });

/** The specification's figures: 50000 available, of which 5000 are held back. */
const asSpecified = () =>
  post(
    capturedSale(world.tenantId, venueId, 65_000, '2026-11-21'),
    on('pending', -50_000),
    on('available', 45_000),
    on('reserved', 5_000),
    movement(world.tenantId, venueId, 'pending', 777, { currency: 'CAD' }),
  );

describe('GET /api/v1/venues/:venueId/balance', () => {
  const specified = {
    balance: { available: 50_000, pending: 15_000, reserved: 5_000, currency: 'USD' },
    payoutInfo: { available: 50_000, reserved: 5_000, payable: 45_000 },
    debt: 0,
  };

  it('answers the specification’s figures, before and after a roll-up', async () => {
    await asSpecified();
    expect(await balance()).toMatchObject({ status: 200, body: specified });
    // Whatever else writes on this server holds a roll-up back.
    const { body } = await eventually(async () => {
      await world.database.asWorker([sql`SELECT ledger_roll_up()`]);
      const reply = await balance();
      const { exactUpTo } = reply.body as unknown as { exactUpTo: string };
      return Date.parse(exactUpTo) > Date.now() - 60_000 && reply;
    }, 'a roll-up');
    expect(body).toMatchObject(specified);
  });

  it('tells what the venue owes', async () => {
    await post(on('debt', -1_200));
    expect((await balance()).body).toMatchObject({ debt: 1_200, payoutInfo: { payable: 0 } });
  });

  it('is zero for a venue that has sold nothing', async () => {
    expect((await balance()).body).toMatchObject({
      balance: { available: 0, pending: 0, reserved: 0, currency: 'USD' },
      debt: 0,
    });
  });

  it('is for the venue’s owner, manager and admins', async () => {
    await asSpecified();
    const manager = await world.token({ roles: ['venue_manager'], venues: [venueId] });
    const admin = await world.token({ roles: ['admin'] });
    expect((await balance(manager)).status).toBe(200);
    expect((await balance(admin)).status).toBe(200);
    expect((await balance(owner, venueId.toUpperCase())).body).toMatchObject(specified);
    const other = await world.token({ roles: ['venue_owner'], venues: [newId()] });
    const strangeAdmin = await world.token({ roles: ['admin'], tenantId: newId() });
    const strange = await world.token({
      roles: ['venue_owner'],
      tenantId: newId(),
      venues: [venueId],
    });
    for (const headers of [other, strangeAdmin, strange]) {
      expect((await balance(headers)).status).toBe(404);
    }
    expect((await balance(admin, newId())).status).toBe(404);
    expect((await balance(await world.token({ roles: ['user'] }))).status).toBe(403);
    expect((await balance(owner, 'x')).status).toBe(422);
  });

  it('does not need the ticket service once there is money', async () => {
    await asSpecified();
    world.platform.tickets.setOutage('down');
    try {
      expect(await balance()).toMatchObject({ status: 200, body: specified });
    } finally {
      world.platform.tickets.setOutage('none');
    }
  });
});

describe('venue_balances', () => {
  const rows = async (tenantId: Uuid) => {
    const [result] = await world.database.read(tenantId, [
      sql`SELECT * FROM venue_balances WHERE venue_id = ${venueId} ORDER BY balance_type, currency`,
    ]);
    return result?.rows ?? [];
  };

  it('has a row a bucket and currency, positive for what is owed, rolled up or not', async () => {
    await asSpecified();
    await world.database.asWorker([sql`SELECT ledger_roll_up()`]);
    await post(capturedSale(world.tenantId, venueId, 100, '2026-11-21'), on('debt', -5));
    const venue = { tenant_id: world.tenantId, venue_id: venueId };
    expect(await rows(world.tenantId)).toMatchObject([
      { ...venue, balance_type: 'available', currency: 'USD', amount: 45_000n },
      { ...venue, balance_type: 'pending', currency: 'CAD', amount: 777n },
      { ...venue, balance_type: 'pending', currency: 'USD', amount: 15_100n },
      { ...venue, balance_type: 'reserved', currency: 'USD', amount: 5_000n },
    ]);
  });

  it('knows the last payout and the last movement', async () => {
    await asSpecified();
    const [before] = await rows(world.tenantId);
    expect(before).toMatchObject({ balance_type: 'available', last_payout_at: null });
    await post(on('available', -10_000, 'payout'));
    const [after] = await rows(world.tenantId);
    expect(after).toMatchObject({ amount: 35_000n, last_payout_at: expect.any(Date) as Date });
    expect(after?.updated_at).toEqual(after?.last_payout_at);
    expect(after?.created_at).toEqual(before?.created_at);
  });

  it('shows a tenant its own rows only', async () => {
    await asSpecified();
    expect(await rows(newId())).toEqual([]);
  });
});
