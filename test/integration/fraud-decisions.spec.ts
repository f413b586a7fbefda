import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type PurchaseToCheck,
  REVIEW_APPROVED,
  REVIEW_REJECTED,
  RULE_SET_V1,
  TICKET_RESOLD,
} from '../../src/fraud/fraud.contract.js';
import { putLabel } from '../../src/fraud/infra/label-rows.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import type { JsonObject } from '../../src/kernel/outbox/index.js';
import { type AdminWorld, newAdminApp, startAdminWorld } from './admin-world.js';
import { bearer, token } from './edge-app.js';
import { fraudActs } from './fraud-acts.js';
import { idsIn } from './fraud-world.js';

let world: AdminWorld;
let tenantId: Uuid;

beforeAll(async () => {
  world = await startAdminWorld();
});
beforeEach(() => {
  tenantId = newId();
});
afterAll(() => world.close());

const DECISIONS = '/admin/fraud/decisions';
const { version: _, ...RULES } = RULE_SET_V1;

const get = (url: string, as: Uuid = tenantId) => world.call('GET', url, { tenantId: as });
const post = (url: string, payload: object = {}, as: Uuid = tenantId) =>
  world.call('POST', url, { tenantId: as, payload });

const buy = (over: Partial<PurchaseToCheck> = {}) => fraudActs(world, tenantId).buy(over);
const hear = (...events: readonly (readonly [type: string, payload: JsonObject])[]) =>
  fraudActs(world, tenantId).hear(...events);

const labelsOf = async (id: Uuid) => (await get(`${DECISIONS}/${id}`)).body.labels as unknown;

describe('decisions', () => {
  it('are shown with what they rest on', async () => {
    const bought = await buy();
    const { userId, paymentId, venueId, eventId } = bought;
    const summary = {
      ...{ id: bought.id, userId, paymentId, venueId, eventId, quantity: 2, currency: 'USD' },
      ...{ amountCents: 11_845, at: bought.at.toISOString(), decision: 'approve', score: 0 },
      ...{ reasons: [], ruleSet: 'v1', labels: [] },
    };
    expect((await get(DECISIONS)).body).toEqual({ decisions: [summary] });
    const shown = await get(`${DECISIONS}/${bought.id}`);
    expect(shown.body).toMatchObject({
      ...summary,
      verdict: bought.verdict,
      features: { session: null, history: { purchasesUserHour: 1, ticketsOfUserForEvent: 2 } },
    });
  });

  it('are narrowed, and come page by page', async () => {
    const userId = newId();
    for (let n = 0; n < 6; n++) await buy({ userId });
    const other = await buy();
    const list = async (query: string): Promise<unknown> =>
      (await get(`${DECISIONS}?${query}`)).body.decisions;
    expect(await list(`userId=${userId}`)).toHaveLength(6);
    expect(await list('decision=decline')).toMatchObject([{ userId, paymentId: null }]);
    expect(await list(`paymentId=${other.paymentId}`)).toMatchObject([{ id: other.id }]);
    expect(await list(`eventId=${other.eventId}`)).toMatchObject([{ id: other.id }]);
    expect(await list('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).toEqual([]);
    const first = await get(`${DECISIONS}?limit=4`);
    const rest = await get(`${DECISIONS}?limit=4&cursor=${String(first.body.nextCursor)}`);
    const ids = [first, rest].flatMap(({ body }) => idsIn(body, 'decisions'));
    expect([ids.length, new Set(ids).size]).toEqual([7, 7]);
    expect(
      (await get(`${DECISIONS}?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`)).status,
    ).toBe(422);
  });

  it('of another tenant are nobody’s', async () => {
    const { id } = await buy();
    const stranger = newId();
    expect((await get(DECISIONS, stranger)).body).toEqual({ decisions: [] });
    expect((await get(`${DECISIONS}/${id}`, stranger)).status).toBe(404);
    expect((await post(`${DECISIONS}/${id}/replay`, {}, stranger)).status).toBe(404);
  });
});

describe('a replay', () => {
  const signals = (userId: Uuid) => ({
    ...{ tenantId, userId, at: new Date(), retentionDays: 30 },
    ...{ ip: '198.51.100.7', deviceFingerprint: 'fp_8f14e45f', userAgent: 'curl/8' },
    sessionData: {
      actions: [{ type: 'mousemove', t: 16.7, x: 3.3, y: 1.7 }],
      browserFeatures: { platform: 'Win32', userAgent: 'Mozilla/5.0 (Macintosh)' },
    },
  });

  const replayed = async (app: NestFastifyApplication, id: Uuid) => {
    const claims = { sub: newId(), tenant_id: tenantId, roles: ['reviewer'] };
    const headers = bearer(await token({ claims }));
    const url = `${DECISIONS}/${id}/replay`;
    return (await app.inject({ method: 'POST', url, headers })).json<object>();
  };

  it('is bit-equal: at once, after a change of rules, after a restart', async () => {
    const userId = newId();
    const made: Awaited<ReturnType<typeof buy>>[] = [];
    for (let n = 0; n < 7; n++) made.push(await buy({ userId, signals: signals(userId) }));
    expect(new Set(made.map(({ verdict }) => verdict.reasons.join())).size).toBeGreaterThan(1);
    expect(made.every(({ verdict }) => verdict.score > 0 && verdict.score < 1)).toBe(true);
    const all = async (app: NestFastifyApplication) => {
      for (const { id, verdict } of made) {
        const answer = await replayed(app, id);
        expect(answer).toEqual({ decisionId: id, stored: verdict, replayed: verdict, equal: true });
      }
    };
    await all(world.app);
    await post('/admin/fraud/rule-sets', { version: 'other', rules: { ...RULES, velocity: [] } });
    const byOther = await buy({ userId, signals: signals(userId) });
    expect(byOther.verdict.ruleSet).toBe('other');
    await all(world.app);
    const restarted = await newAdminApp(world);
    try {
      await all(restarted);
      expect(await replayed(restarted, byOther.id)).toMatchObject({ equal: true });
    } finally {
      await restarted.close();
    }
  });

  it('says so when a verdict is not what its features give', async () => {
    const { id } = await buy();
    await world.query(
      `UPDATE fraud_checks SET verdict = jsonb_set(verdict, '{score}', '0.0001') WHERE id = $1`,
      [id],
    );
    expect((await post(`${DECISIONS}/${id}/replay`)).body).toMatchObject({ equal: false });
  });
});

it('a replay by a rule set that this release cannot read is refused', async () => {
  const { id } = await buy();
  await world.query(
    `INSERT INTO fraud_rule_sets (tenant_id, version, rules, active_from, created_by)
      VALUES ($1, 'broken', '{"version": "broken"}', '2031-01-01', $1)`,
    [tenantId],
  );
  await world.query(`UPDATE fraud_checks SET rule_set_version = 'broken' WHERE id = $1`, [id]);
  const warned = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  expect(await post(`${DECISIONS}/${id}/replay`)).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT' },
  });
  expect(warned).toHaveBeenCalledTimes(1);
  warned.mockRestore();
});

describe('labels', () => {
  const about = ({ paymentId, userId }: { paymentId: Uuid; userId: Uuid }) => ({
    ...{ paymentId, userId, ticketIds: [newId()], more: 'than fraud reads' },
  });

  it('come from disputes, refunds and reviews', async () => {
    const [first, second, third] = [await buy(), await buy(), await buy()];
    await hear(
      ['dispute.opened', about(first)],
      ['refund.completed', about(first)],
      [REVIEW_APPROVED, about(second)],
      [REVIEW_REJECTED, about(third)],
      ['payment.completed', about(third)],
    );
    expect(await labelsOf(first.id)).toEqual([
      { label: 'dispute', outcome: 'open' },
      { label: 'refund', outcome: null },
    ]);
    expect(await labelsOf(second.id)).toEqual([{ label: 'approved', outcome: null }]);
    expect(await labelsOf(third.id)).toEqual([{ label: 'rejected', outcome: null }]);
  });

  it.each([
    [['dispute.opened', 'dispute.won'], 'won'],
    [['dispute.won', 'dispute.opened'], 'won'],
    [['dispute.lost', 'dispute.opened', 'dispute.won'], 'lost'],
  ])('%j in this order stand as %s', async (types, outcome) => {
    const bought = await buy();
    for (const type of types) await hear([type, about(bought)]);
    expect(await labelsOf(bought.id)).toEqual([{ label: 'dispute', outcome }]);
  });

  it('of reviewers who contradict each other the latest stays, in whichever order they come', async () => {
    const { id, paymentId, userId } = await buy();
    const says = async (label: 'approved' | 'rejected', second: number) => {
      const at = new Date(Date.UTC(2026, 0, 1, 0, 0, second));
      const statements = putLabel(tenantId, { paymentId, userId, label, outcome: null, at });
      await world.database.transact(tenantId, statements);
      return labelsOf(id);
    };
    const [approved, rejected] = ['approved', 'rejected'].map((label) => [
      { label, outcome: null },
    ]);
    expect(await says('approved', 1)).toEqual(approved);
    expect(await says('rejected', 3)).toEqual(rejected);
    expect(await says('approved', 2)).toEqual(rejected);
    expect(await says('rejected', 5)).toEqual(rejected);
    expect(await says('approved', 4)).toEqual(rejected);
    expect(await says('approved', 6)).toEqual(approved);
  });

  it('count against user and device, and give tickets back', async () => {
    const [userId, eventId] = [newId(), newId()];
    const signals = {
      ...{ tenantId, userId, at: new Date(), retentionDays: 30, deviceFingerprint: 'fp_disputed' },
    };
    const bought = await buy({ userId, eventId, signals, quantity: 3 });
    await hear(['dispute.opened', about(bought)], ['refund.completed', about(bought)]);
    const { id } = await buy({ userId, eventId, signals, quantity: 1 });
    expect((await get(`${DECISIONS}/${id}`)).body).toMatchObject({
      features: { history: { disputesOfUser: 1, disputesOfDevice: 1, ticketsOfUserForEvent: 3 } },
    });
  });

  it('resales count for whoever sold', async () => {
    const sellerId = newId();
    const sold = { ticketId: newId(), sellerId, originalPriceCents: 10_000, priceCents: 25_000 };
    await hear([TICKET_RESOLD, sold], [TICKET_RESOLD, { ...sold, originalPriceCents: 0 }]);
    const { id } = await buy({ userId: sellerId });
    expect((await get(`${DECISIONS}/${id}`)).body).toMatchObject({
      features: { history: { resalesOfUser: 2, resaleMarkupBps: 15_000 } },
    });
  });
});
