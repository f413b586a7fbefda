import { Logger } from '@nestjs/common';
import { RULE_SET_V1, type RuleSet } from '../../src/fraud/fraud.contract.js';
import type { Subject } from '../../src/fraud/domain/list-entry.js';
import { insertEntry } from '../../src/fraud/infra/list-rows.js';
import { insertRuleSet } from '../../src/fraud/infra/rule-set-rows.js';
import { SubjectKeys } from '../../src/fraud/infra/subject-keys.js';
import { newId } from '../../src/kernel/ids.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { FraudWorld, HOUR, KEYS } from './fraud-world.js';

let opened: FraudWorld;
let world: FraudWorld;

beforeAll(async () => {
  opened = await FraudWorld.open();
});
beforeEach(() => {
  world = opened.fresh();
});
afterAll(() => opened.close());

const rowsOf = (table: string) =>
  world.db.query(`SELECT * FROM ${table} WHERE tenant_id = $1`, [world.tenantId]);

const SESSION = { browserFeatures: { webdriver: true } };

describe('an honest purchase', () => {
  const signals = {
    ip: '198.51.100.7',
    deviceFingerprint: 'fp_8f14e45f',
    userAgent: 'Mozilla/5.0',
  };

  it('is let through, and stored with its own first transaction, not before', async () => {
    const purchase = world.purchase({ signals });
    const { id, verdict, refusal, record } = await world.check.check(purchase);
    expect([verdict.decision, refusal]).toEqual(['approve', null]);
    expect(await rowsOf('fraud_checks')).toEqual([]);
    await world.db.database.transact(world.tenantId, record);
    expect(await rowsOf('fraud_checks')).toEqual([
      expect.objectContaining({
        id,
        payment_id: purchase.paymentId,
        user_id: purchase.userId,
        event_id: purchase.eventId,
        amount_cents: '11845',
        decision: 'approve',
        score: '0.0000',
        signals: [],
        rule_set_version: 'v1',
        verdict,
        timestamp: world.now,
      }),
    ]);
    expect(await rowsOf('purchase_signals')).toMatchObject([
      { payment_id: purchase.paymentId, quantity: 2, network: '198.51.100.7/32' },
    ]);
    expect(await rowsOf('device_activity')).toMatchObject([
      { user_id: purchase.userId, activity_type: 'purchase' },
    ]);
    expect(await rowsOf('bot_detections')).toEqual([]);
  });

  it('is kept for long without its address and its device', async () => {
    const { record } = await world.check.check(world.purchase({ signals }));
    await world.db.database.transact(world.tenantId, record);
    const kept = [await rowsOf('fraud_checks'), await rowsOf('device_activity')];
    const hash = KEYS.devices(world.purchase({ signals }))[0];
    expect(kept).toMatchObject([[{ device_hash: hash }], [{ device_hash: hash }]]);
    const text = JSON.stringify(kept);
    for (const told of [signals.ip, signals.deviceFingerprint]) expect(text).not.toContain(told);
  });

  it('reads all it needs in one round trip', async () => {
    const read = jest.spyOn(world.db.database, 'read');
    const write = jest.spyOn(world.db.database, 'transact');
    await world.check.check(world.purchase({ signals, paymentMethod: 'card' }));
    expect([read.mock.calls.length, write.mock.calls.length]).toEqual([1, 0]);
    read.mockRestore();
    write.mockRestore();
  });
});

describe('a declined purchase', () => {
  it('of a bot is 403 BOT_DETECTED, stored by itself, and leaves no purchase behind', async () => {
    const { id, refusal, record } = await world.check.check(
      world.purchase({ signals: { sessionData: SESSION, userAgent: 'Bot/1.0' } }),
    );
    expect(refusal).toEqual({ refused: 'BOT_DETECTED', message: 'The purchase cannot be made.' });
    expect(record).toEqual([]);
    expect(await rowsOf('fraud_checks')).toMatchObject([
      { id, payment_id: null, decision: 'decline', signals: ['bot:automation_marker'] },
    ]);
    expect(await rowsOf('bot_detections')).toMatchObject([
      {
        session_id: id,
        is_bot: true,
        confidence: '0.9500',
        indicators: ['automation_marker'],
        user_agent: 'Bot/1.0',
      },
    ]);
    expect(await rowsOf('purchase_signals')).toEqual([]);
  });

  it('beyond the velocity is 429 with the time to wait, and does not count itself', async () => {
    const userId = newId();
    for (let n = 1; n <= 5; n++) expect((await world.buy({ userId })).refusal).toBeNull();
    const sixth = { refused: 'RATE_LIMIT_EXCEEDED', retryAfterSeconds: 3_600 };
    expect((await world.buy({ userId })).refusal).toMatchObject(sixth);
    expect((await world.buy({ userId })).refusal).toMatchObject(sixth);
    const at = new Date(world.now.getTime() + HOUR);
    expect((await world.buy({ userId, at })).refusal).toBeNull();
    expect(await rowsOf('purchase_signals')).toHaveLength(6);
  });
});

describe('lists', () => {
  const put = (
    kind: 'block' | 'allow',
    subject: Subject,
    { until = null, keys = KEYS }: { until?: Date | null; keys?: SubjectKeys } = {},
  ) =>
    world.db.database.transact(
      world.tenantId,
      insertEntry(
        world.tenantId,
        {
          ...{ id: newId(), kind, subjectType: subject.type, hint: '…', reason: 'because', until },
          ...{ addedBy: newId(), addedAt: new Date(0) },
        },
        keys.hashes(world.tenantId, subject),
      ),
    );
  const billingAddress = {
    ...{ line1: '501 5th Ave N', line2: 'Apt 4B', city: 'Nashville', state: 'TN' },
    ...{ postalCode: '37203', country: 'US' },
  };
  const userId = newId();
  const told = {
    userId,
    paymentMethod: 'Xt5EWLLDS7FJjR1c',
    billingAddress,
    signals: { ip: '2001:db8::1', deviceFingerprint: 'fp_8f14e45f' },
  };

  it.each<[string, Subject]>([
    ['user', { type: 'user', value: userId.toUpperCase() }],
    ['device', { type: 'device', value: 'fp_8f14e45f' }],
    ['ip', { type: 'ip', value: '2001:DB8::ffff' }],
    ['card', { type: 'card', value: 'Xt5EWLLDS7FJjR1c' }],
    ['address', { type: 'address', value: { ...billingAddress, line1: '501 FIFTH AVENUE NORTH' } }],
  ])('block by %s', async (type, subject) => {
    expect((await world.buy(told)).refusal).toBeNull();
    await put('block', subject);
    const { refusal, verdict } = await world.buy(told);
    expect(refusal?.refused).toBe('FRAUD_DETECTED');
    expect(verdict).toMatchObject({ cause: 'list', reasons: [`list:${type}`], score: 1 });
    expect((await world.buy()).refusal).toBeNull();
    expect((await opened.fresh().buy(told)).refusal).toBeNull();
  });

  it('hold until their end', async () => {
    await put(
      'block',
      { type: 'user', value: userId },
      { until: new Date(world.now.getTime() + 1) },
    );
    expect((await world.buy(told)).refusal?.refused).toBe('FRAUD_DETECTED');
    const at = new Date(world.now.getTime() + 1);
    expect((await world.buy({ ...told, at })).refusal).toBeNull();
  });

  it('allow who is suspected, but not without limits', async () => {
    const bot = { ...told, signals: { ...told.signals, sessionData: SESSION } };
    expect((await world.buy(bot)).refusal?.refused).toBe('BOT_DETECTED');
    await put('allow', { type: 'card', value: 'Xt5EWLLDS7FJjR1c' });
    for (let n = 1; n <= 5; n++) expect((await world.buy(bot)).refusal).toBeNull();
    expect((await world.buy(bot)).refusal?.refused).toBe('RATE_LIMIT_EXCEEDED');
  });

  it('block who is on both', async () => {
    await put('allow', { type: 'card', value: 'Xt5EWLLDS7FJjR1c' });
    await put('block', { type: 'user', value: userId });
    expect((await world.buy(told)).refusal?.refused).toBe('FRAUD_DETECTED');
  });

  it('hold under an older secret, until the same is listed under its successor', async () => {
    const subject = { type: 'user', value: userId } as const;
    await put('block', subject);
    const renewed = new SubjectKeys(['a-secret-of-tomorrow', 'a-secret-of-today']);
    const blocked = async () =>
      (await world.rekeyed(renewed).check(world.purchase({ userId }))).verdict.reasons;
    expect(await blocked()).toEqual(['list:user']);
    await put('block', subject, { keys: renewed });
    expect(await blocked()).toEqual(['list:user']);
    expect(await rowsOf('fraud_lists')).toMatchObject([
      { subject_hash: renewed.hashes(world.tenantId, subject)[0] },
    ]);
  });
});

describe('rule sets', () => {
  const add = (rules: RuleSet, activeFrom: Date) =>
    world.db.database.transact(world.tenantId, [
      insertRuleSet(world.tenantId, {
        ...{ rules, activeFrom, createdBy: newId(), createdAt: new Date() },
      }),
    ]);
  const velocity = [
    { name: 'user_hour', feature: 'purchasesUserHour', allowed: 0, windowSeconds: 7 },
  ];

  it('hold from their instant on, for their tenant alone', async () => {
    await add({ ...RULE_SET_V1, version: 'closed', velocity }, world.now);
    await add({ ...RULE_SET_V1, version: 'open', velocity: [] }, new Date(world.now.getTime() + 9));
    const earlier = new Date(world.now.getTime() - 1);
    const later = new Date(world.now.getTime() + 9);
    expect((await world.buy({ at: earlier })).verdict).toMatchObject({
      ruleSet: 'v1',
      cause: null,
    });
    expect((await world.buy()).verdict).toMatchObject({ ruleSet: 'closed', cause: 'velocity' });
    expect((await world.buy({ at: later })).verdict).toMatchObject({
      ruleSet: 'open',
      cause: null,
    });
    expect((await opened.fresh().buy()).verdict.ruleSet).toBe('v1');
  });

  it('that cannot be read stop no sale: the first one holds', async () => {
    await world.db.query(
      `INSERT INTO fraud_rule_sets (tenant_id, version, rules, active_from, created_by)
        VALUES ($1, 'broken', '{"version": "broken"}', 'epoch', $1)`,
      [world.tenantId],
    );
    const told = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    expect((await world.buy()).verdict.ruleSet).toBe('v1');
    expect(told).toHaveBeenCalledTimes(1);
    told.mockRestore();
  });

  it('never change', async () => {
    await add({ ...RULE_SET_V1, version: 'closed', velocity }, world.now);
    const change = sql`UPDATE fraud_rule_sets SET active_from = now()`;
    await expect(world.db.database.transact(world.tenantId, [change])).rejects.toThrow(
      'permission denied',
    );
  });
});
