import { audit, type AuditEntry, auditReading } from '../../src/kernel/audit/index.js';
import { newId } from '../../src/kernel/ids.js';
import { withRequestContext } from '../../src/kernel/observability/index.js';
import { APPLICATION_ROLE, WORKER_ROLE } from '../../src/kernel/postgres/connections.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type AdminWorld, startAdminWorld } from './admin-world.js';

const ACTOR = newId();

let world: AdminWorld;

beforeAll(async () => {
  world = await startAdminWorld();
});
afterAll(() => world.close());

const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  actor: { type: 'user', id: ACTOR },
  action: 'thing.changed',
  object: { type: 'thing', id: 'thing-1' },
  before: { colour: 'red' },
  after: { colour: 'blue' },
  ...over,
});

interface Listed {
  readonly entries: readonly Record<string, unknown>[];
  readonly nextCursor?: string;
}

async function list(tenantId: string, query = ''): Promise<Listed> {
  const { status, body } = await world.call('GET', `/admin/audit${query}`, { tenantId });
  expect(status).toBe(200);
  return body as unknown as Listed;
}

async function recorded(...entries: AuditEntry[]): Promise<string> {
  const tenantId = newId();
  for (const one of entries) await world.database.transact(tenantId, [audit(tenantId, one)]);
  return tenantId;
}

describe('recording', () => {
  it('tells who did what to which object, from what to what, in which request', async () => {
    const tenantId = newId();
    const context = { requestId: 'request-1', correlationId: 'correlation-1' };
    const statement = withRequestContext(context, () => audit(tenantId, entry()));
    await world.database.transact(tenantId, [statement]);
    expect(await list(tenantId)).toEqual({
      entries: [
        {
          id: expect.any(String) as string,
          at: expect.stringMatching(/Z$/) as string,
          actor: { type: 'user', id: ACTOR },
          action: 'thing.changed',
          object: { type: 'thing', id: 'thing-1' },
          before: { colour: 'red' },
          after: { colour: 'blue' },
          correlationId: 'correlation-1',
          requestId: 'request-1',
        },
      ],
    });
  });

  it('outside of a request, of nothing before and nothing after', async () => {
    const system = { type: 'system', id: 'janitor' } as const;
    const tenantId = await recorded(entry({ actor: system, before: null, after: null }));
    expect((await list(tenantId)).entries).toMatchObject([
      { actor: system, before: null, after: null, correlationId: null, requestId: null },
    ]);
  });

  it('stands or falls with the transaction', async () => {
    const tenantId = newId();
    const broken = world.database.transact(tenantId, [audit(tenantId, entry()), sql`SELECT 1 / 0`]);
    await expect(broken).rejects.toMatchObject({ code: '22012' });
    expect((await list(tenantId)).entries).toEqual([]);
  });

  it('belongs to worker transactions too', async () => {
    const tenantId = newId();
    await world.database.asWorker([audit(tenantId, entry())]);
    expect((await list(tenantId)).entries).toHaveLength(1);
  });

  it('reads the state before inside the transaction', async () => {
    const tenantId = newId();
    const before = (what: string) =>
      sql`SELECT jsonb_build_object('tenant', ${tenantId}::uuid, 'what', ${what}::text) AS before`;
    const { before: _, ...action } = entry();
    const none = sql`SELECT '{}'::jsonb AS before WHERE false`;
    await world.database.transact(tenantId, [
      auditReading(tenantId, action, before('red')),
      auditReading(tenantId, action, before('blue')),
      auditReading(tenantId, action, none),
    ]);
    expect((await list(tenantId)).entries.map((one) => one.before)).toEqual([
      null,
      { tenant: tenantId, what: 'blue' },
      { tenant: tenantId, what: 'red' },
    ]);
  });

  it('writes cents as numbers, and takes out what no log may hold', async () => {
    const after = {
      cents: 11845n,
      card: 'paid with 4242 4242 4242 4242',
      note: 'for ada@example.com',
      id: ACTOR,
    };
    const tenantId = await recorded(entry({ after }));
    expect((await list(tenantId)).entries[0]?.after).toEqual({
      cents: 11845,
      card: 'paid with [card]',
      note: 'for [email]',
      id: ACTOR,
    });
  });
});

describe('the record', () => {
  it('cannot be changed or emptied, not even by the superuser', async () => {
    const tenantId = await recorded(entry());
    for (const text of [
      `UPDATE audit_log SET after = '{}'`,
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
    ]) {
      await expect(world.query(text)).rejects.toMatchObject({ code: 'TT004' });
    }
    const [rights] = await world.query(
      `SELECT has_table_privilege($1, 'audit_log', 'UPDATE, DELETE') AS application,
        has_table_privilege($2, 'audit_log', 'UPDATE, DELETE') AS worker`,
      [APPLICATION_ROLE, WORKER_ROLE],
    );
    expect(rights).toEqual({ application: false, worker: false });
    expect((await list(tenantId)).entries).toHaveLength(1);
  });

  it('is of one tenant, and for its administrators', async () => {
    const tenantId = await recorded(entry());
    expect((await list(newId())).entries).toEqual([]);
    for (const role of ['user', 'venue_owner', 'venue_manager', 'reviewer'] as const) {
      const answer = await world.call('GET', '/admin/audit', { role, tenantId });
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
    const platform = await world.call('GET', '/admin/audit', { role: 'platform_admin', tenantId });
    expect(platform.status).toBe(200);
    const foreign = audit(newId(), entry());
    await expect(world.database.transact(tenantId, [foreign])).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe('the list', () => {
  let tenantId: string;
  const service = { type: 'service', id: 'order-service' } as const;

  beforeAll(async () => {
    tenantId = await recorded(
      entry(),
      entry({ object: { type: 'thing', id: 'thing-2' } }),
      entry({ object: { type: 'venue', id: 'thing-1' }, action: 'venue.opened' }),
      entry({ actor: service, action: 'thing.removed' }),
    );
  });

  const actions = async (query: string) =>
    (await list(tenantId, query)).entries.map(({ action }) => action);

  it.each([
    ['', ['thing.removed', 'venue.opened', 'thing.changed', 'thing.changed']],
    ['?objectType=venue', ['venue.opened']],
    ['?objectId=thing-1', ['thing.removed', 'venue.opened', 'thing.changed']],
    ['?objectType=thing&objectId=thing-1', ['thing.removed', 'thing.changed']],
    ['?actorId=order-service', ['thing.removed']],
    ['?action=thing.changed', ['thing.changed', 'thing.changed']],
    ['?action=thing.sold', []],
    ['?from=2200-01-01T00:00:00Z', []],
    ['?to=2020-01-01T00:00:00Z', []],
    ['?from=2020-01-01T00:00:00Z&to=2200-01-01T00:00:00Z&action=venue.opened', ['venue.opened']],
  ])('answers %s', async (query, expected) => {
    expect(await actions(query)).toEqual(expected);
  });

  it('begins at `from` and ends before `to`', async () => {
    const instant = '2026-01-12T10:00:00.123Z';
    const ofItsOwn = newId();
    await world.query(
      `INSERT INTO audit_log (tenant_id, id, at, actor_type, actor_id, action, object_type, object_id)
        VALUES ($1, $1, $2, 'system', 'janitor', 'venue.opened', 'venue', 'v')`,
      [ofItsOwn, instant],
    );
    const later = '2026-01-12T10:00:00.124Z';
    const counts = [`from=${instant}`, `from=${later}`, `to=${later}`, `to=${instant}`];
    const found = await Promise.all(counts.map((query) => list(ofItsOwn, `?${query}`)));
    expect(found.map(({ entries }) => entries.length)).toEqual([1, 0, 1, 0]);
  });

  it('comes page by page, each entry once', async () => {
    const first = await list(tenantId, '?limit=3');
    expect(first.entries).toHaveLength(3);
    const second = await list(tenantId, `?limit=3&cursor=${first.nextCursor ?? ''}`);
    expect(second.entries).toHaveLength(1);
    expect(second).not.toHaveProperty('nextCursor');
    const ids = [...first.entries, ...second.entries].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect([...ids].sort().reverse()).toEqual(ids);
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?cursor=1', 'cursor'],
    ['?from=yesterday', 'from'],
    ['?from=2026-02-30T00:00:00Z', 'from'],
    ['?to=2026-01-12', 'to'],
    ['?from=2026-01-12T10:00:00Z&to=2026-01-12T10:00:00Z', 'to'],
    ['?objectType=', 'objectType'],
    ['?objectType=Venue', 'objectType'],
    ['?action=changed', 'action'],
    ['?actorId=Ada%20Lovelace', 'actorId'],
    ['?action=a&action=b', 'action'],
    [`?objectId=${'x'.repeat(129)}`, 'objectId'],
    ['?who=me', 'who'],
  ])('refuses %s', async (query, field) => {
    expect(await world.call('GET', `/admin/audit${query}`)).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_ERROR', errors: [{ field }] },
    });
  });
});
