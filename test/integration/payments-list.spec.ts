import { newId } from '../../src/kernel/ids.js';
import { CARDS } from '../../src/sandbox/cards.js';
import type { Client } from '../support/client.js';
import { type OneTypeEvent, query } from '../support/shop.js';
import { buy, type PaymentsWorld, startPaymentsWorld } from './payments-world.js';

interface Page {
  readonly payments: readonly { id: string; status: string; userId: string; amount: number }[];
  readonly pagination: Record<string, unknown> & { readonly nextCursor: string | null };
}

let world: PaymentsWorld;
let event: OneTypeEvent;
let alice: Client;
let bob: Client;
/** Alice's, in the order they were made. */
let paid: string[];
let declined: string;
let waiting: string;
let bobs: string;

beforeAll(async () => {
  world = await startPaymentsWorld();
  event = world.shop.event();
  [alice, bob] = await Promise.all([world.as(['user']), world.as(['user'])]);
  paid = [];
  for (let i = 0; i < 3; i++) paid.push(await buy(alice, event));
  declined = await buy(alice, event, { card: CARDS.declined });
  waiting = await buy(alice, event, { card: CARDS.threeDSecure });
  bobs = await buy(bob, event);
});
afterAll(() => world.close());

async function page(client: Client, search = ''): Promise<Page> {
  const { status, body } = await client.get(`/api/payments${search}`);
  expect(status).toBe(200);
  return body as unknown as Page;
}
const ids = async (client: Client, search = '') =>
  (await page(client, search)).payments.map(({ id }) => id);
const newestFirst = () => [waiting, declined, ...[...paid].reverse()];

describe('GET /api/payments', () => {
  it('lists a user’s own, newest first, with what was charged', async () => {
    const { payments, pagination } = await page(alice);
    expect(payments.map(({ id }) => id)).toEqual(newestFirst());
    expect(pagination).toEqual({ page: 1, limit: 10, total: 5, totalPages: 1, nextCursor: null });
    const { body } = await alice.get(`/api/payments/${paid[0] ?? ''}`);
    expect(payments.at(-1)).toMatchObject({
      id: body.id,
      amount: body.amount,
      transactionId: body.transactionId,
      createdAt: body.createdAt,
      status: 'SUCCESS',
      eventId: event.id,
      venueId: event.venueId,
    });
  });

  it('pages by number', async () => {
    const first = await page(alice, '?limit=2');
    expect(first.pagination).toMatchObject({ page: 1, limit: 2, total: 5, totalPages: 3 });
    const all = [first, await page(alice, '?limit=2&page=2'), await page(alice, '?limit=2&page=3')];
    expect(all.map(({ payments }) => payments.length)).toEqual([2, 2, 1]);
    expect(all.flatMap(({ payments }) => payments.map(({ id }) => id))).toEqual(newestFirst());
    expect(await ids(alice, '?limit=2&page=4')).toEqual([]);
  });

  it('pages by cursor, each payment once, also when one is added meanwhile', async () => {
    const carol = await world.as(['user']);
    const bought = [];
    for (let i = 0; i < 3; i++) bought.push(await buy(carol, event));
    const first = await page(carol, '?limit=2');
    const added = await buy(carol, event);
    const rest = await page(carol, `?limit=2&cursor=${first.pagination.nextCursor ?? ''}`);
    expect([...first.payments, ...rest.payments].map(({ id }) => id)).toEqual(bought.reverse());
    expect(rest.pagination.nextCursor).toBeNull();
    expect((await ids(carol, '?limit=1'))[0]).toBe(added);
  });

  it.each([
    ['SUCCESS', () => [...paid].reverse()],
    ['FAILED', () => [declined]],
    ['PENDING', () => [waiting]],
    ['REFUNDED', () => []],
    ['CANCELLED', () => []],
  ] as const)('filters by %s', async (status, expected) => {
    const found = await page(alice, `?status=${status}`);
    expect(found.payments.map(({ id }) => id)).toEqual(expected());
    expect(found.payments.every((payment) => payment.status === status)).toBe(true);
    expect(found.pagination).toMatchObject({ total: expected().length });
  });

  it('keeps the filter from page to page', async () => {
    const { pagination } = await page(alice, '?status=SUCCESS&limit=2');
    const cursor = pagination.nextCursor ?? '';
    expect(await ids(alice, `?status=SUCCESS&limit=2&cursor=${cursor}`)).toEqual([paid[0]]);
  });

  it('lists an administrator’s whole tenant, and no other', async () => {
    const [admin, elsewhere] = await Promise.all([
      world.as(['admin']),
      world.as(['admin'], { tenantId: world.world.cast.otherTenantId }),
    ]);
    expect(await ids(admin, '?limit=100')).toEqual(
      expect.arrayContaining([bobs, ...newestFirst()]),
    );
    expect(await ids(elsewhere, '?limit=100')).toEqual([]);
    expect(await ids(bob)).toEqual([bobs]);
  });

  it.each(['limit=0', 'limit=101', 'limit=ten', 'page=0', 'page=1.5', 'cursor=x', 'status=PAID'])(
    'refuses %s',
    async (search) => {
      expect((await alice.get(`/api/payments?${search}`)).status).toBe(422);
    },
  );
});

describe('GET /api/payments/stats/overview', () => {
  const stats = async (client: Client, search = '') =>
    (await client.get(`/api/payments/stats/overview${search}`)).body;

  it('counts a user’s own payments, and only captured cents', async () => {
    const { payments } = await page(alice, '?status=SUCCESS');
    const captured = payments.reduce((sum, { amount }) => sum + amount, 0);
    expect(captured).toBeGreaterThan(15_000);
    expect(await stats(alice)).toEqual({
      totalPayments: 5,
      totalAmount: captured,
      currency: 'USD',
      byStatus: {
        SUCCESS: { count: 3, amount: captured },
        PENDING: { count: 1, amount: 0 },
        FAILED: { count: 1, amount: 0 },
        REFUNDED: { count: 0, amount: 0 },
        CANCELLED: { count: 0, amount: 0 },
      },
      period: { from: null, to: null },
    });
  });

  it('counts an administrator’s tenant, and nothing for another one', async () => {
    const [admin, elsewhere] = await Promise.all([
      world.as(['admin']),
      world.as(['admin'], { tenantId: world.world.cast.otherTenantId }),
    ]);
    const { pagination } = await page(admin);
    expect(await stats(admin)).toMatchObject({ totalPayments: pagination.total });
    expect(await stats(elsewhere)).toMatchObject({ totalPayments: 0, totalAmount: 0 });
  });

  it('counts whole days, the last one included', async () => {
    const dana = newId();
    const client = await world.as(['user'], { sub: dana });
    for (let i = 0; i < 3; i++) await buy(client, event);
    const days = ['2025-03-01T00:00:00Z', '2025-03-02T23:59:59.999Z', '2025-03-03T00:00:00Z'];
    await query(
      world.world,
      `UPDATE payment_transactions p SET created_at = d.at FROM (
        SELECT id, ($2::timestamptz[])[row_number() OVER (ORDER BY id)] AS at
        FROM payment_transactions WHERE user_id = $1) d WHERE p.id = d.id`,
      [dana, days],
    );
    const counted = async (search: string) => (await stats(client, search)).totalPayments;
    expect(await counted('?startDate=2025-03-01&endDate=2025-03-02')).toBe(2);
    expect(await counted('?startDate=2025-03-02')).toBe(2);
    expect(await counted('?endDate=2025-03-01')).toBe(1);
    expect(await counted('?startDate=2025-03-04')).toBe(0);
    expect(await counted('')).toBe(3);
  });

  it.each(['startDate=yesterday', 'endDate=2025-02-30', 'startDate=2025-1-1'])(
    'refuses %s',
    async (search) => {
      const { status } = await alice.get(`/api/payments/stats/overview?${search}`);
      expect(status).toBe(422);
    },
  );
});

describe('GET /admin/stats', () => {
  it('counts the last day of the tenant for its administrator', async () => {
    const admin = await world.as(['admin'], { tenantId: world.world.cast.tenantId });
    const { body } = await admin.get('/admin/stats');
    const day = body.last24Hours as Record<string, number>;
    const { pagination } = await page(admin);
    // Three of the tenant's payments were moved to another year above.
    expect(day.total_payments).toBe(Number(pagination.total) - 3);
    expect(day).toMatchObject({ failed: 1, pending: 1, successful: (day.total_payments ?? 0) - 2 });
    expect(day.total_revenue).toBeGreaterThan(0);
  });

  it('is for administrators', async () => {
    expect((await alice.get('/admin/stats')).status).toBe(403);
  });
});
