import { newId } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { closeItem, openItem, type OpenItem } from '../../src/kernel/open-items/index.js';
import { type AdminWorld, startAdminWorld } from './admin-world.js';

let world: AdminWorld;
let tenantId: string;

beforeAll(async () => {
  world = await startAdminWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  tenantId = newId();
});

const item = (over: Partial<OpenItem> = {}): OpenItem => ({
  kind: 'refund_unknown',
  subjectType: 'payment',
  subjectId: newId(),
  cause: 'The provider does not know the refund',
  atRisk: { cents: toCents(11_845), currency: 'USD' },
  details: { attempts: 12 },
  ...over,
});

const open = (...items: OpenItem[]) =>
  world.database.transact(
    tenantId,
    items.map((one) => openItem(tenantId, one)),
  );

interface Listed {
  readonly items: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[];
  readonly totals: unknown;
  readonly nextCursor?: string;
}

async function list(query = ''): Promise<Listed> {
  const { status, body } = await world.call('GET', `/admin/open-items${query}`, { tenantId });
  expect(status).toBe(200);
  return body as unknown as Listed;
}

async function opened(over: Partial<OpenItem> = {}): Promise<string> {
  const one = item(over);
  await open(one);
  const found = (await list()).items.find(({ subjectId }) => subjectId === one.subjectId);
  return found?.id ?? 'none';
}

const resolve = (id: string, payload: object = { reason: 'Refunded by hand' }, userId = newId()) =>
  world.call('POST', `/admin/open-items/${id}/resolve`, { tenantId, userId, payload });

describe('an item', () => {
  it('tells what a human has to do, why, and what is at risk', async () => {
    const one = item();
    await open(one);
    expect(await list()).toEqual({
      items: [
        {
          id: expect.any(String) as string,
          kind: 'refund_unknown',
          subjectType: 'payment',
          subjectId: one.subjectId,
          cause: 'The provider does not know the refund',
          centsAtRisk: 11_845,
          currency: 'USD',
          details: { attempts: 12 },
          status: 'open',
          openedAt: expect.stringMatching(/Z$/) as string,
          lastSeenAt: expect.stringMatching(/Z$/) as string,
          timesSeen: 1,
          resolvedAt: null,
          resolvedBy: null,
          resolution: null,
        },
      ],
      totals: { count: 1, atRisk: [{ currency: 'USD', cents: 11_845 }] },
    });
  });

  it('seen again is the same one, seen once more, with what is known now', async () => {
    const one = item();
    await open(one);
    const [before] = (await list()).items;
    await world.database.asWorker([
      openItem(tenantId, {
        ...one,
        cause: 'Still unknown',
        atRisk: { cents: toCents(1), currency: 'USD' },
      }),
    ]);
    const { items } = await list();
    expect(items).toEqual([
      {
        ...before,
        cause: 'Still unknown',
        centsAtRisk: 1,
        timesSeen: 2,
        lastSeenAt: expect.any(String) as string,
      },
    ]);
    expect(Date.parse(String(items[0]?.lastSeenAt))).toBeGreaterThanOrEqual(
      Date.parse(String(before?.lastSeenAt)),
    );
  });

  it('seen by twenty at once is one', async () => {
    const one = item();
    await Promise.all(Array.from({ length: 20 }, () => open(one)));
    expect((await list()).items).toMatchObject([{ timesSeen: 20 }]);
  });

  it('of another kind about the same subject is another one', async () => {
    const one = item();
    await open(one, { ...one, kind: 'capture_unknown' });
    expect((await list()).items).toHaveLength(2);
  });

  it('is closed by the machine when its cause is gone, in either role, and then opened anew', async () => {
    const one = item();
    await open(one);
    const close = closeItem(tenantId, one.kind, one.subjectId, 'The provider answered');
    const other = closeItem(tenantId, 'capture_unknown', one.subjectId, 'Another kind');
    await world.database.transact(tenantId, [other]);
    expect((await list()).items).toHaveLength(1);
    await world.database.asWorker([close]);
    expect((await list()).items).toEqual([]);
    await world.database.transact(tenantId, [close]);
    expect((await list('?status=resolved')).items).toMatchObject([
      { resolvedBy: 'system', resolution: 'The provider answered', status: 'resolved' },
    ]);
    await open(one);
    expect((await list()).items).toMatchObject([{ timesSeen: 1, resolution: null }]);
    expect((await list('?status=resolved')).items).toHaveLength(1);
  });

  it('holds no address or card, whatever a provider said', async () => {
    await open(
      item({ cause: 'ada@example.com disputes', details: { said: '4242 4242 4242 4242' } }),
    );
    expect((await list()).items).toMatchObject([
      { cause: '[email] disputes', details: { said: '[card]' } },
    ]);
  });

  it('cannot put less than nothing at risk', async () => {
    const negative = item({ atRisk: { cents: toCents(-1), currency: 'USD' } });
    await expect(open(negative)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the list', () => {
  const usd = (cents: number) => ({ cents: toCents(cents), currency: 'USD' });

  it('sums what the filter names, on whatever page, by currency', async () => {
    await open(
      item({ atRisk: usd(100) }),
      item({ atRisk: usd(250), kind: 'dispute_deadline' }),
      item({ atRisk: { cents: toCents(7), currency: 'EUR' } }),
    );
    const { atRisk: _, ...untold } = item({ kind: 'webhook_failed' });
    await open(untold);
    const atRisk = [
      { currency: 'EUR', cents: 7 },
      { currency: 'USD', cents: 350 },
    ];
    expect((await list('?limit=1')).totals).toEqual({ count: 4, atRisk });
    expect((await list('?kind=dispute_deadline')).totals).toEqual({
      count: 1,
      atRisk: [{ currency: 'USD', cents: 250 }],
    });
    expect(await list('?kind=webhook_failed')).toMatchObject({
      items: [{ centsAtRisk: null, currency: null }],
      totals: { count: 1, atRisk: [] },
    });
    expect(await list('?status=resolved')).toEqual({ items: [], totals: { count: 0, atRisk: [] } });
  });

  it('comes page by page, each item once', async () => {
    await open(item(), item(), item());
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.nextCursor ?? ''}`);
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect([...ids].sort().reverse()).toEqual(ids);
    expect(second).not.toHaveProperty('nextCursor');
  });

  it.each([
    ['?status=all', 'status'],
    ['?limit=0', 'limit'],
    ['?cursor=x', 'cursor'],
    ['?kind=', 'kind'],
    ['?kinds=x', 'kinds'],
  ])('refuses %s', async (query, field) => {
    expect(await world.call('GET', `/admin/open-items${query}`)).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_ERROR', errors: [{ field }] },
    });
  });
});

describe('resolving', () => {
  it('says who did it and why, and the audit log keeps it', async () => {
    const id = await opened();
    const userId = newId();
    const answer = await resolve(id, { reason: 'Refunded by hand' }, userId);
    expect(answer).toMatchObject({
      status: 200,
      body: { id, status: 'resolved', resolvedBy: userId, resolution: 'Refunded by hand' },
    });
    expect((await list()).items).toEqual([]);
    expect((await list('?status=resolved')).items).toEqual([answer.body]);
    const { body } = await world.call('GET', `/admin/audit?objectId=${id}`, { tenantId });
    expect(body).toMatchObject({
      entries: [
        {
          actor: { type: 'user', id: userId },
          action: 'open_item.resolved',
          object: { type: 'open_item', id },
          before: { status: 'open', kind: 'refund_unknown', centsAtRisk: 11_845 },
          after: { status: 'resolved', resolution: 'Refunded by hand' },
        },
      ],
    });
  });

  it('is done once: of twenty at once one, later none', async () => {
    const id = await opened();
    const answers = await Promise.all(Array.from({ length: 20 }, () => resolve(id)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array<number>(19).fill(409)]);
    expect(await resolve(id)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    const { body } = await world.call('GET', `/admin/audit?objectId=${id}`, { tenantId });
    expect((body as unknown as { entries: unknown[] }).entries).toHaveLength(1);
  });

  it('finds neither what is not there nor what is another tenant’s', async () => {
    expect(await resolve(newId())).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const id = await opened();
    tenantId = newId();
    expect((await resolve(id)).status).toBe(404);
    expect((await list()).items).toEqual([]);
  });

  it.each([
    ['no reason', {}, 'reason'],
    ['two characters', { reason: 'ok' }, 'reason'],
    ['501 characters', { reason: 'x'.repeat(501) }, 'reason'],
    ['white space', { reason: '     ' }, 'reason'],
    ['a number', { reason: 12345 }, 'reason'],
    ['more', { reason: 'Refunded by hand', status: 'open' }, 'status'],
  ])('refuses %s', async (_, payload, field) => {
    const id = await opened();
    expect(await resolve(id, payload)).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_ERROR', errors: [{ field }] },
    });
    expect((await list()).items).toHaveLength(1);
  });

  it('is for administrators, and so is the list', async () => {
    const id = await opened();
    const payload = { reason: 'Refunded by hand' };
    for (const role of ['user', 'venue_owner', 'reviewer', 'researcher'] as const) {
      const url = `/admin/open-items/${id}/resolve`;
      expect((await world.call('POST', url, { role, tenantId, payload })).status).toBe(403);
      expect((await world.call('GET', '/admin/open-items', { role, tenantId })).status).toBe(403);
    }
  });
});
