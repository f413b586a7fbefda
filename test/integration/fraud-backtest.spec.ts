import { Logger } from '@nestjs/common';
import { REVIEW_APPROVED, RULE_SET_V1 } from '../../src/fraud/fraud.contract.js';
import { BacktestRules, BacktestRulesHandler } from '../../src/fraud/queries/backtest-rules.js';
import { isRefusal } from '../../src/kernel/errors.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { type AdminWorld, startAdminWorld } from './admin-world.js';
import { fraudActs } from './fraud-acts.js';

let world: AdminWorld;
let tenantId: Uuid;

beforeAll(async () => {
  world = await startAdminWorld();
});
beforeEach(() => {
  tenantId = newId();
});
afterAll(() => world.close());

const BACKTEST = '/admin/fraud/backtest';
const { version: _, ...RULES } = RULE_SET_V1;

const post = (url: string, payload: object = {}, as: Uuid = tenantId) =>
  world.call('POST', url, { tenantId: as, payload });

describe('a backtest', () => {
  const PERIOD = { from: '2020-01-01T00:00:00Z', to: '2031-01-01T00:00:00Z' };
  const strict = {
    ...RULES,
    velocity: [{ name: 'hour', feature: 'purchasesUserHour', allowed: 1, windowSeconds: 3_600 }],
  };
  const lax = { ...RULES, scalper: { ...RULES.scalper, indicators: [] }, velocity: [] };
  const everything = async () => {
    const tables = ['fraud_checks', 'fraud_rule_sets', 'purchase_signals', 'audit_log', 'outbox'];
    const counts = tables.map((table) =>
      world.query(`SELECT md5(string_agg(t::text, '' ORDER BY t::text)) AS of FROM ${table} t`),
    );
    return Promise.all(counts);
  };

  /** Ann buys twice, bob six times: his sixth purchase is declined. */
  async function history() {
    const { buy, hear } = fraudActs(world, tenantId);
    const [ann, bob] = [newId(), newId()];
    const first = await buy({ userId: ann, amountCents: 1_000 });
    const second = await buy({ userId: ann, amountCents: 500 });
    for (let n = 0; n < 6; n++) await buy({ userId: bob, amountCents: 100 });
    await hear(
      ['dispute.lost', { paymentId: second.paymentId, userId: ann }],
      [REVIEW_APPROVED, { paymentId: first.paymentId, userId: ann }],
    );
  }

  it('tells whom stricter rules would have blocked, and writes nothing', async () => {
    await history();
    const before = await everything();
    const answer = await post(BACKTEST, { version: 'strict', rules: strict, ...PERIOD });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      ruleSet: 'strict',
      from: '2020-01-01T00:00:00.000Z',
      to: '2031-01-01T00:00:00.000Z',
      truncated: false,
      examined: 8,
      changed: 5,
      changes: [{ from: 'approve', to: 'decline', decisions: 5 }],
      buyersBlocked: 2,
      buyersLetIn: 0,
      affected: [{ currency: 'USD', blockedCents: 900, letInCents: 0 }],
      reasons: [
        { reason: 'scalper:many_purchases', before: 1, after: 1 },
        { reason: 'velocity:hour', before: 0, after: 6 },
        { reason: 'velocity:user_hour', before: 1, after: 0 },
      ],
      quality: {
        before: { caught: 0, wronged: 0, missed: 1, precision: null },
        after: { caught: 1, wronged: 0, missed: 0, precision: 1 },
      },
    });
    expect(await everything()).toEqual(before);
  });

  it('tells whom laxer rules would have let in', async () => {
    await history();
    const answer = await post(BACKTEST, { version: 'lax', rules: lax, ...PERIOD });
    expect(answer.body).toMatchObject({
      ...{ changed: 1, buyersBlocked: 0, buyersLetIn: 1 },
      changes: [{ from: 'decline', to: 'approve', decisions: 1 }],
      affected: [{ currency: 'USD', blockedCents: 0, letInCents: 100 }],
    });
  });

  it('changes nothing by the rules that decided, stored or built in', async () => {
    await history();
    await post('/admin/fraud/rule-sets', { version: 'stored', rules: RULES });
    for (const version of ['v1', 'stored']) {
      const answer = await post(BACKTEST, { version, ...PERIOD });
      expect(answer.body).toMatchObject({
        ruleSet: version,
        examined: 8,
        changed: 0,
        affected: [],
      });
    }
  });

  it('examines the period, and of another tenant nothing', async () => {
    await history();
    const past = { from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' };
    expect((await post(BACKTEST, { version: 'v1', ...past })).body).toMatchObject({ examined: 0 });
    const other = await post(BACKTEST, { version: 'v1', ...PERIOD }, newId());
    expect(other.body).toMatchObject({ examined: 0 });
  });

  it.each([
    ['a version that there is not', { version: 'nowhere' }, 404],
    ['rules that are none', { rules: {} }, 422],
    ['an empty period', { to: PERIOD.from }, 422],
  ])('refuses %s', async (_what, over, status) => {
    const question = { version: 'v1', ...PERIOD, ...over };
    expect((await post(BACKTEST, question)).status).toBe(status);
  });

  it('refuses a stored rule set that this release cannot read', async () => {
    await world.query(
      `INSERT INTO fraud_rule_sets (tenant_id, version, rules, active_from, created_by)
        VALUES ($1, 'broken', '{"version": "broken"}', '2031-01-01', $1)`,
      [tenantId],
    );
    const warned = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    expect(await post(BACKTEST, { version: 'broken', ...PERIOD })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  it('counts the cents of a purchase once, however often it was tried', async () => {
    const { buy } = fraudActs(world, tenantId);
    const [userId, attemptId] = [newId(), newId()];
    for (let n = 0; n < 5; n++) await buy({ userId, amountCents: 100 });
    for (let n = 0; n < 3; n++) await buy({ userId, attemptId, amountCents: 700 });
    const answer = await post(BACKTEST, { version: 'lax', rules: lax, ...PERIOD });
    expect(answer.body).toMatchObject({
      ...{ examined: 8, changed: 3, buyersLetIn: 1 },
      affected: [{ currency: 'USD', blockedCents: 0, letInCents: 700 }],
    });
  });

  it('goes through any number of pages, each decision once, and says where it stopped', async () => {
    await world.query(
      `INSERT INTO fraud_checks (tenant_id, id, user_id, payment_id, venue_id, event_id, attempt_id,
          quantity, amount_cents, currency, score, signals, decision, rule_set_version, features, verdict,
          timestamp)
        SELECT $1::uuid, gen_random_uuid(), $1, gen_random_uuid(), $1, $1, $1::uuid::text, 1, 100, 'USD', 0, '[]',
          'approve', 'v1', $2, $3, $4::timestamptz + interval '1 ms' * (n / 3)
        FROM generate_series(0, 1599) n`,
      [tenantId, { session: null, history: { blocked: [] } }, { decision: 'approve', reasons: [] }]
        .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
        .concat('2026-01-01T00:00:00Z'),
    );
    const examined = async (most?: number) => {
      const question = { version: 'v1', rules: null, from: new Date(0), to: new Date() };
      const answer = await world.app
        .get(BacktestRulesHandler)
        .execute(new BacktestRules(tenantId, question, most));
      if (isRefusal(answer)) throw new Error(answer.message);
      return answer;
    };
    expect(await examined()).toMatchObject({ examined: 1_600, truncated: false });
    expect(await examined(1_600)).toMatchObject({ examined: 1_600, truncated: false });
    expect(await examined(700)).toMatchObject({
      ...{ examined: 699, truncated: true, to: new Date('2026-01-01T00:00:00.233Z') },
    });
  });
});
