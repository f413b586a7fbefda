import { FraudCheck, RULE_SET_V1 } from '../../src/fraud/fraud.contract.js';
import { newId } from '../../src/kernel/ids.js';
import { purchaseToCheck } from '../support/fraud-samples.js';
import { type AdminWorld, startAdminWorld } from './admin-world.js';
import { idsIn } from './fraud-world.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await startAdminWorld();
});
afterAll(() => world.close());

const LISTS = '/admin/fraud/lists';
const SCALPERS = '/admin/fraud/known-scalpers';
const RULE_SETS = '/admin/fraud/rule-sets';

type Options = Parameters<AdminWorld['call']>[2];

const get = (url: string, options: Options = {}) => world.call('GET', url, options);
const post = (url: string, payload: object, options: Options = {}) =>
  world.call('POST', url, { ...options, payload });
const remove = (url: string, options: Options = {}) => world.call('DELETE', url, options);

/** Every test in a tenant of its own. */
const asTenant = (tenantId = newId()) => ({ tenantId, userId: newId() });

const audited = (tenantId: string) =>
  world.query(
    `SELECT actor_id, action, object_id, before, after FROM audit_log WHERE tenant_id = $1 ORDER BY id`,
    [tenantId],
  );

const check = (tenantId: string, userId: string) =>
  world.app.get(FraudCheck).check(purchaseToCheck({ tenantId, userId }));

const ADDRESS = { line1: '116 5th Ave N', city: 'Nashville', postalCode: '37219', country: 'US' };

describe('lists', () => {
  const entry = (over: object = {}) => ({
    ...{ kind: 'block', subjectType: 'ip', value: '198.51.100.7', reason: 'Forty tickets' },
    ...over,
  });

  it('take an entry, show it without its value, and drop it: all on record', async () => {
    const admin = asTenant();
    const added = await post(LISTS, entry({ until: '2031-01-01T00:00:00Z' }), admin);
    expect(added).toMatchObject({
      status: 201,
      body: { kind: 'block', subjectType: 'ip', hint: '198.…', addedBy: admin.userId },
    });
    expect((await get(LISTS, { ...admin, role: 'reviewer' })).body).toEqual({
      entries: [added.body],
    });
    const removed = await remove(`${LISTS}/${String(added.body.id)}`, admin);
    expect([removed.status, removed.body]).toEqual([200, added.body]);
    expect((await get(LISTS, admin)).body).toEqual({ entries: [] });
    expect((await remove(`${LISTS}/${String(added.body.id)}`, admin)).status).toBe(404);
    const told = { kind: 'block', subjectType: 'ip', hint: '198.…', reason: 'Forty tickets' };
    const log = await audited(admin.tenantId);
    expect(log).toMatchObject([
      { actor_id: admin.userId, action: 'fraud_list_entry.added', before: null, after: told },
      { action: 'fraud_list_entry.removed', object_id: added.body.id, before: told, after: null },
    ]);
    const stored = await world.query('SELECT to_jsonb(l)::text AS row FROM fraud_lists l');
    expect(JSON.stringify([log, stored])).not.toContain('198.51.100.7');
  });

  it('take a billing address, and hold it however it is written', async () => {
    const admin = asTenant();
    const wish = { kind: 'block', subjectType: 'address', reason: 'Forty tickets' };
    const added = await post(LISTS, { ...wish, billingAddress: ADDRESS }, admin);
    expect(added).toMatchObject({ status: 201, body: { subjectType: 'address', hint: '…' } });
    const written = { ...ADDRESS, line1: '116 FIFTH Avenue North', state: 'TN' };
    expect((await post(LISTS, { ...wish, billingAddress: written }, admin)).status).toBe(409);
    const told = await world.query('SELECT to_jsonb(l)::text AS row FROM fraud_lists l');
    expect(JSON.stringify([added, told, await audited(admin.tenantId)])).not.toMatch(/5th|fifth/i);
  });

  it('decide from the next purchase on', async () => {
    const admin = asTenant();
    const userId = newId();
    expect((await check(admin.tenantId, userId)).refusal).toBeNull();
    const added = await post(LISTS, entry({ subjectType: 'user', value: userId }), admin);
    expect((await check(admin.tenantId, userId)).refusal?.refused).toBe('FRAUD_DETECTED');
    await remove(`${LISTS}/${String(added.body.id)}`, admin);
    expect((await check(admin.tenantId, userId)).refusal).toBeNull();
  });

  it('hold a subject once each', async () => {
    const admin = asTenant();
    expect((await post(LISTS, entry(), admin)).status).toBe(201);
    const again = entry({ value: '::ffff:198.51.100.7' });
    expect(await post(LISTS, again, admin)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
    expect((await post(LISTS, entry({ kind: 'allow' }), admin)).status).toBe(201);
  });

  it.each([
    ['an address that is none', { value: '198.51.100' }, 'value'],
    ['a user who is none', { subjectType: 'user' }, 'value'],
    ['a billing address in one line', { subjectType: 'address' }, 'value'],
    ['no billing address', { subjectType: 'address', value: undefined }, 'billingAddress'],
    [
      'a billing address without a letter',
      { subjectType: 'address', value: undefined, billingAddress: { ...ADDRESS, line1: ', .' } },
      'billingAddress.line1',
    ],
    ['a network with a billing address', { billingAddress: ADDRESS }, 'billingAddress'],
    ['an end that is over', { until: '2020-01-01T00:00:00Z' }, 'until'],
  ])('refuse %s', async (_, over, field) => {
    const refused = await post(LISTS, entry(over), asTenant());
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it('are shown page by page, narrowed, and never to another tenant', async () => {
    const admin = asTenant();
    for (const n of [1, 2, 3]) await post(LISTS, entry({ value: `198.51.100.${n}` }), admin);
    await post(LISTS, entry({ kind: 'allow', subjectType: 'card', value: 'card_1' }), admin);
    const first = await get(`${LISTS}?kind=block&limit=2`, admin);
    const rest = await get(`${LISTS}?limit=2&cursor=${String(first.body.nextCursor)}`, admin);
    expect([first.body.entries, rest.body.entries]).toMatchObject([{ length: 2 }, { length: 1 }]);
    expect((await get(`${LISTS}?subjectType=card`, admin)).body).toMatchObject({
      entries: [{ hint: '…rd_1' }],
    });
    const [stranger, id] = [asTenant(), String(idsIn(rest.body, 'entries')[0])];
    expect((await get(LISTS, stranger)).body).toEqual({ entries: [] });
    expect((await remove(`${LISTS}/${id}`, stranger)).status).toBe(404);
  });
});

describe('known scalpers', () => {
  it('are taken, shown and dropped, on record, and weigh in checks meanwhile', async () => {
    const admin = asTenant();
    const userId = newId();
    const wish = { userId, reason: 'Forty tickets', confidence: 0.8 };
    const added = await post(SCALPERS, wish, admin);
    expect(added).toMatchObject({ status: 201, body: { ...wish, deviceFingerprint: null } });
    expect((await post(SCALPERS, wish, admin)).status).toBe(409);
    expect((await get(SCALPERS, admin)).body).toEqual({ scalpers: [added.body] });
    expect((await get(SCALPERS, asTenant())).body).toEqual({ scalpers: [] });
    expect((await check(admin.tenantId, userId)).verdict).toMatchObject({
      ...{ decision: 'decline', cause: 'fraud', score: 0.8, reasons: ['scalper:known_scalper'] },
    });
    const path = `${SCALPERS}/${String(added.body.id)}`;
    expect((await remove(path, asTenant())).status).toBe(404);
    expect(await remove(path, admin)).toEqual({ status: 200, body: added.body });
    expect((await remove(path, admin)).status).toBe(404);
    expect((await check(admin.tenantId, userId)).verdict.decision).toBe('approve');
    expect((await post(SCALPERS, wish, admin)).status).toBe(201);
    expect((await audited(admin.tenantId)).map(({ action }) => action)).toEqual([
      ...['known_scalper.added', 'known_scalper.removed', 'known_scalper.added'],
    ]);
  });

  it('leave of their device no more than its end in the audit log', async () => {
    const admin = asTenant();
    const wish = { deviceFingerprint: 'fp_8f14e45fceea167a', reason: 'Forty', confidence: 0.8 };
    const added = await post(SCALPERS, wish, admin);
    await remove(`${SCALPERS}/${String(added.body.id)}`, admin);
    const log = await audited(admin.tenantId);
    const told = { userId: null, device: '…167a', reason: 'Forty', confidence: 0.8 };
    expect(log).toMatchObject([{ after: told }, { before: told }]);
    expect(JSON.stringify(log)).not.toContain(wish.deviceFingerprint);
  });

  it('are somebody', async () => {
    const refused = await post(SCALPERS, { reason: 'Nobody', confidence: 1 }, asTenant());
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'userId' }] } });
  });
});

describe('rule sets', () => {
  const { version: _, ...rules } = RULE_SET_V1;

  it('are added with their date, on record, and decide from then on', async () => {
    const admin = asTenant();
    expect((await get(RULE_SETS, admin)).body).toEqual({ active: 'v1', ruleSets: [] });
    const closed = {
      ...rules,
      velocity: [{ name: 'shut', feature: 'purchasesUserHour', allowed: 0, windowSeconds: 3_600 }],
    };
    const added = await post(RULE_SETS, { version: 'closed', rules: closed }, admin);
    expect(added).toMatchObject({ status: 201, body: { version: 'closed', rules: closed } });
    const later = { version: 'later', rules, activeFrom: '2031-01-01T00:00:00Z' };
    expect((await post(RULE_SETS, later, admin)).status).toBe(201);
    expect((await get(RULE_SETS, admin)).body).toMatchObject({
      active: 'closed',
      ruleSets: [{ version: 'later' }, { version: 'closed' }],
    });
    expect((await check(admin.tenantId, newId())).verdict).toMatchObject({
      ...{ ruleSet: 'closed', cause: 'velocity' },
    });
    expect(await audited(admin.tenantId)).toMatchObject([
      { action: 'fraud_rule_set.added', object_id: 'closed', after: { rules: closed } },
      { action: 'fraud_rule_set.added', object_id: 'later' },
    ]);
    expect((await get(RULE_SETS, asTenant())).body).toEqual({ active: 'v1', ruleSets: [] });
  });

  it.each([
    ['a version that is taken', { version: 'taken' }, 409],
    ['the version of the first one', { version: 'v1' }, 409],
    ['rules that are none', { rules: { ...rules, bot: {} } }, 422],
    [
      'a window that is not counted',
      { rules: { ...rules, velocity: [{ ...rules.velocity[0], windowSeconds: 60 }] } },
      422,
    ],
    ['a beginning in the past', { activeFrom: '2020-01-01T00:00:00Z' }, 422],
  ])('refuse %s', async (_what, over, status) => {
    const admin = asTenant();
    await post(RULE_SETS, { version: 'taken', rules }, admin);
    const wish = { version: 'another', rules, ...over };
    expect((await post(RULE_SETS, wish, admin)).status).toBe(status);
    expect(await audited(admin.tenantId)).toHaveLength(1);
  });
});

describe('roles', () => {
  const id = newId();
  const reads = [LISTS, SCALPERS, RULE_SETS, '/admin/fraud/decisions'];
  const changes = [
    ...[`POST ${LISTS}`, `POST ${SCALPERS}`, `POST ${RULE_SETS}`, 'POST /admin/fraud/backtest'],
    ...[`DELETE ${LISTS}/${id}`, `DELETE ${SCALPERS}/${id}`],
  ];

  it('reviewers read, and change nothing', async () => {
    for (const url of reads) expect((await get(url, { role: 'reviewer' })).status).toBe(200);
    for (const route of changes) {
      const [method, url] = route.split(' ') as ['POST' | 'DELETE', string];
      const payload = method === 'POST' ? { payload: {} } : {};
      expect((await world.call(method, url, { role: 'reviewer', ...payload })).status).toBe(403);
    }
  });

  it.each(['user', 'venue_owner', 'venue_manager', 'researcher'] as const)(
    'a %s sees nothing',
    async (role) => {
      for (const url of reads) expect((await get(url, { role })).status).toBe(403);
    },
  );
});
