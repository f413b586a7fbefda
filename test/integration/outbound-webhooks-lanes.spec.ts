import { newId, type Uuid } from '../../src/kernel/ids.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { claimFairly } from '../../src/webhooks/infra/lane-rows.js';
import { type OutboundWorld, startOutboundWorld } from './outbound-webhooks-world.js';

let world: OutboundWorld;

beforeAll(async () => {
  // It answers requests only: nobody but the test claims anything.
  world = await startOutboundWorld({ ROLE: 'api' });
});
beforeEach(() => world.reset());
afterAll(() => world.close());

/** Four due deliveries for each of some endpoints of a tenant's. */
const waiting = async (tenantId: Uuid, endpoints: number, since: string) => {
  await world.rows(
    `INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, body,
      next_attempt_at)
    SELECT $1, gen_random_uuid(), e.id, gen_random_uuid(), 'payment.completed', '{}',
      now() - $3::interval
    FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2)) e, generate_series(1, 4)`,
    [tenantId, endpoints, since],
  );
};

/** Whose the rows are that a claim of so many gets. */
const claimed = async (limit: number, overdueSeconds = 0) => {
  const [result] = await world.app.get(Database).asWorker([claimFairly(limit, overdueSeconds)]);
  return (result?.rows ?? []).map((row) => row.tenant_id as Uuid);
};
const shareOf = (tenantId: Uuid, claims: readonly Uuid[]) =>
  claims.filter((each) => each === tenantId).length;

describe('rows 26 and 28: a tenant with a backlog at many endpoints', () => {
  it('shares the places with one who has just begun', async () => {
    const [many, few] = [newId(), newId()];
    await waiting(many, 6, '1 hour');
    await waiting(few, 1, '1 second');
    const first = await claimed(6);
    expect([shareOf(many, first), shareOf(few, first)]).toEqual([3, 3]);
  });

  it('waits while it has more on its way than the others', async () => {
    const [many, few] = [newId(), newId()];
    await waiting(many, 6, '1 hour');
    expect(shareOf(many, await claimed(4))).toBe(4);
    await waiting(few, 1, '1 second');
    expect(shareOf(few, await claimed(4))).toBe(4);
  });

  it('gets every place that nobody else wants, as far as its lanes have room', async () => {
    const many = newId();
    await waiting(many, 2, '1 hour');
    await waiting(many, 1, '1 minute');
    expect(await claimed(20, 600)).toHaveLength(8);
    expect(await claimed(20)).toHaveLength(4);
    expect(await claimed(20)).toEqual([]);
  });
});
