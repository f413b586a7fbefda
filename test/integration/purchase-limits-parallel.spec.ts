import fc from 'fast-check';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import {
  confirmLimits,
  type LimitedSale,
  releaseLimits,
} from '../../src/waiting-room/waiting-room.contract.js';
import {
  ADDRESS,
  countersOf,
  type LimitsWorld,
  openLimitsWorld,
  reserve,
  saleOf,
} from './purchase-limits-world.js';

let world: LimitsWorld;

beforeEach(async () => {
  world = await openLimitsWorld();
});
afterEach(() => world.close());

const spellings = ['116 5th Ave N', '116 Fifth Avenue North', '116 5TH AVE. N.'];
const tight = { perUser: 4, perPaymentMethod: 5, perAddress: 6 };

describe('row 36: concurrent purchases over a limit', () => {
  const tenantId = newId();
  const [eventId, userId] = [newId(), newId()];
  const wide = { perUser: 999, perPaymentMethod: 999, perAddress: 999 };

  it.each<[string, number, number, (n: number) => Partial<LimitedSale>]>([
    ['user', 4, 1, () => ({ userId, limits: { ...wide, perUser: 4 } })],
    ['user', 8, 3, () => ({ userId, limits: { ...wide, perUser: 8 } })],
    ['card', 5, 1, () => ({ paymentMethod: 'f', limits: { ...wide, perPaymentMethod: 5 } })],
    [
      'address',
      6,
      1,
      (n) => ({
        billingAddress: { ...ADDRESS, line1: spellings[n % 3] ?? '' },
        limits: { ...wide, perAddress: 6 },
      }),
    ],
  ])(
    '50 by one %s, at most %i tickets, %i each: two processes never pass it',
    async (_, allowed, quantity, over) => {
      const asked = Array.from({ length: 50 }, (_each, n) => {
        const sale = saleOf({ tenantId, eventId, quantity, ...over(n) });
        return reserve(n % 2 === 0 ? world.databases[0] : world.databases[1], sale);
      });
      const refusals = await Promise.all(asked);
      const through = refusals.filter((refusal) => refusal === undefined).length;
      expect(through).toBe(Math.floor(allowed / quantity));
      const [sum] = await world.query(
        'SELECT max(reserved)::integer AS most FROM purchase_limit_counters',
      );
      expect(sum?.most).toBe(through * quantity);
    },
  );

  it('all three at once: the counters are what went through, and no payment waits in a circle', async () => {
    const cards = ['a', 'b', 'c'];
    const users = [newId(), newId(), newId()];
    const sales = Array.from({ length: 120 }, (_, n) =>
      saleOf({
        tenantId,
        eventId,
        userId: users[n % 3] ?? userId,
        paymentMethod: cards[Math.floor(n / 3) % 3] ?? null,
        billingAddress: { ...ADDRESS, line2: String(Math.floor(n / 9) % 3) },
        limits: { perUser: 1_000, perPaymentMethod: 1_000, perAddress: 1_000 },
      }),
    );
    await Promise.all(
      sales.map(async (sale, n) => {
        const database = world.databases[n % 2 === 0 ? 0 : 1];
        expect(await reserve(database, sale)).toBeUndefined();
        const end = n % 5 === 0 ? releaseLimits(tenantId, sale.paymentId, null) : undefined;
        await database.transact(tenantId, [end ?? confirmLimits(tenantId, sale.paymentId)]);
      }),
    );
    expect(await countersOf(world, eventId)).toEqual(await sumsOf(eventId));
    // A backend tells of its deadlocks when it ends at the latest.
    await world.disconnect();
    const text = 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()';
    expect(await world.query(text)).toEqual([{ deadlocks: '0' }]);
  });
});

it('whatever happens in whatever order, the counters are the sums of what payments count', async () => {
  const step = fc.record({
    act: fc.constantFrom('reserve', 'reserve', 'confirm', 'release', 'refund'),
    payment: fc.nat(5),
    quantity: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const tenantId = newId();
      const eventId = newId();
      const users = [newId(), newId()];
      const payments = Array.from({ length: 6 }, newId);
      const [database] = world.databases;
      for (const { act, payment, quantity } of steps) {
        const paymentId = payments[payment] ?? newId();
        const userId = users[payment % 2] ?? newId();
        const sale = saleOf({ tenantId, eventId, paymentId, userId, quantity, limits: tight });
        const card = payment < 4 ? 'card' : null;
        if (act === 'reserve') await reserve(database, { ...sale, paymentMethod: card });
        if (act === 'confirm')
          await database.transact(tenantId, [confirmLimits(tenantId, paymentId)]);
        if (act === 'release')
          await database.transact(tenantId, [releaseLimits(tenantId, paymentId, null)]);
        if (act === 'refund')
          await database.transact(tenantId, [releaseLimits(tenantId, paymentId, quantity)]);
        const sums = await sumsOf(eventId);
        const seen = (await countersOf(world, eventId)).filter((each) => !each.endsWith(' 0/0'));
        expect(seen).toEqual(sums);
      }
    }),
    { numRuns: 25 },
  );
});

/** What the reservations of an event sum to, as `countersOf` writes it; nothing where it is nothing. */
async function sumsOf(eventId: Uuid): Promise<string[]> {
  const rows = await world.query(
    `SELECT kind, reserved, confirmed FROM (
       SELECT kind, sum(CASE stage WHEN 'reserved' THEN counted ELSE 0 END) AS reserved,
         sum(CASE stage WHEN 'confirmed' THEN counted ELSE 0 END) AS confirmed
       FROM purchase_limit_reservations, unnest(kinds, subjects) AS s (kind, subject)
       WHERE event_id = $1 GROUP BY kind, subject) sums
     WHERE reserved + confirmed > 0
     ORDER BY array_position('{user,payment_method,address}', kind), reserved, confirmed`,
    [eventId],
  );
  return rows.map((row) => `${String(row.kind)}: ${String(row.reserved)}/${String(row.confirmed)}`);
}
