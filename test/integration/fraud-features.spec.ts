import { releasePurchaseTickets } from '../../src/fraud/fraud.contract.js';
import { noteResale, putLabel } from '../../src/fraud/infra/label-rows.js';
import { insertScalper } from '../../src/fraud/infra/scalper-rows.js';
import { SubjectKeys } from '../../src/fraud/infra/subject-keys.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { DAY, FraudWorld, HOUR, MINUTE } from './fraud-world.js';

let opened: FraudWorld;
let world: FraudWorld;

beforeAll(async () => {
  opened = await FraudWorld.open();
});
beforeEach(() => {
  world = opened.fresh();
});
afterAll(() => opened.close());

const transact = (...statements: Parameters<typeof world.db.database.transact>[1]) =>
  world.db.database.transact(world.tenantId, statements);

it('of somebody whom nobody has seen before, the purchase itself is all there is', async () => {
  expect(await world.history({ quantity: 3 })).toEqual({
    ...{ purchasesUserHour: 1, purchasesUserDay: 1, purchasesUserWeek: 1 },
    ...{ purchasesIpMinute: 0, purchasesIpHour: 0, purchasesCardDay: 0, usersOfCard: 0 },
    ...{ ticketsOfUserForEvent: 3, accountsOfDevice: 0, resalesOfUser: 0, resaleMarkupBps: null },
    ...{ highDemandPurchases: 0, highDemand: false, knownScalper: 0, blocked: [], allowed: false },
    ...{ travelKmPerHour: null, disputesOfUser: 0, disputesOfDevice: 0 },
  });
});

describe('purchases of the user', () => {
  it('count within the hour, the day and the week, to the millisecond', async () => {
    const userId = newId();
    for (const ago of [HOUR - 1, HOUR, DAY - 1, DAY, 7 * DAY - 1, 7 * DAY]) {
      await world.bought(ago, { userId });
    }
    await world.bought(1, {});
    expect(await world.history({ userId })).toMatchObject({
      ...{ purchasesUserHour: 2, purchasesUserDay: 4, purchasesUserWeek: 6 },
    });
  });

  it('are counted no further than is of use', async () => {
    const userId = newId();
    await world.db.query(
      `INSERT INTO purchase_signals (tenant_id, payment_id, user_id, created_at, expires_at)
        SELECT $1, gen_random_uuid(), $2, $3, $3::timestamptz + interval '30 days'
        FROM generate_series(1, 700)`,
      [world.tenantId, userId, world.now],
    );
    expect(await world.history({ userId })).toMatchObject({ purchasesUserHour: 501 });
  });

  it('for events in high demand count for thirty days', async () => {
    const userId = newId();
    await world.bought(30 * DAY - 1, { userId, highDemand: true });
    await world.bought(30 * DAY, { userId, highDemand: true });
    await world.bought(DAY, { userId });
    const told = { highDemandPurchases: 2, highDemand: true };
    expect(await world.history({ userId, highDemand: true })).toMatchObject(told);
  });
});

describe('tickets of the user', () => {
  it('are those of the event, without what came to nothing', async () => {
    const [userId, eventId] = [newId(), newId()];
    await world.bought(DAY, { userId, eventId, quantity: 2 });
    await world.bought(DAY, { userId, quantity: 10 });
    await world.bought(DAY, { eventId, quantity: 10 });
    const failed = await world.bought(DAY, { userId, eventId, quantity: 10 });
    await transact(releasePurchaseTickets(world.tenantId, failed));
    expect(await world.history({ userId, eventId, quantity: 1 })).toMatchObject({
      ticketsOfUserForEvent: 3,
      purchasesUserWeek: 4,
    });
  });
});

describe('purchases from the address', () => {
  const from = (ip: string) => ({ signals: { ip } });

  it('count within the minute and the hour, whoever made them', async () => {
    for (const ago of [MINUTE - 1, MINUTE, HOUR - 1, HOUR]) {
      await world.bought(ago, from('198.51.100.7'));
    }
    await world.bought(1, from('198.51.100.8'));
    const counts = { purchasesIpMinute: 2, purchasesIpHour: 4, purchasesUserHour: 1 };
    expect(await world.history(from('198.51.100.7'))).toMatchObject(counts);
    expect(await world.history(from('::ffff:198.51.100.7'))).toMatchObject({ purchasesIpHour: 5 });
  });

  it('of IPv6 are those of its /64', async () => {
    await world.bought(1, from('2001:db8:0:1::1'));
    await world.bought(1, from('2001:db8:0:1:ffff::9'));
    await world.bought(1, from('2001:db8:0:2::1'));
    const counts = { purchasesIpMinute: 3, purchasesIpHour: 3 };
    expect(await world.history(from('2001:db8:0:1::abcd%eth0'))).toMatchObject(counts);
  });
});

describe('the card', () => {
  it('counts purchases of the day and users of the month', async () => {
    const [ann, bob] = [newId(), newId()];
    const card = { paymentMethod: 'Xt5EWLLDS7FJjR1c' };
    await world.bought(DAY - 1, { ...card, userId: ann });
    await world.bought(DAY, { ...card, userId: bob });
    await world.bought(2 * DAY, { ...card, userId: bob });
    await world.bought(30 * DAY, { ...card });
    await world.bought(1, { paymentMethod: 'another', userId: bob });
    const counts = { purchasesCardDay: 2, usersOfCard: 2 };
    expect(await world.history({ ...card, userId: ann })).toMatchObject(counts);
    expect(await world.history({ ...card })).toMatchObject({ purchasesCardDay: 3, usersOfCard: 3 });
  });
});

describe('the device', () => {
  const device = { signals: { deviceFingerprint: 'fp_8f14e45f' } };

  it('counts the users who were checked on it, also those who were turned away', async () => {
    const userId = newId();
    await world.buy({ ...device, userId });
    await world.buy({ ...device, userId });
    const sessionData = { browserFeatures: { webdriver: true } };
    const at = new Date(world.now.getTime() - 100 * DAY);
    const bot = await world.buy({ signals: { ...device.signals, sessionData }, at });
    expect(bot.verdict.decision).toBe('decline');
    await world.buy({ signals: { deviceFingerprint: 'fp_another' } });
    expect(await world.history({ ...device, userId })).toMatchObject({ accountsOfDevice: 2 });
    expect(await world.history(device)).toMatchObject({ accountsOfDevice: 3 });
  });
});

describe('resales', () => {
  it('count, and tell their average markup', async () => {
    const userId = newId();
    for (const [n, markupBps] of [5_000, 10_001, null].entries()) {
      const at = new Date(world.now.getTime() - n * DAY);
      await transact(noteResale(world.tenantId, { id: newId(), userId, markupBps, at }));
    }
    const told = { resalesOfUser: 3, resaleMarkupBps: 7_501 };
    expect(await world.history({ userId })).toMatchObject(told);
    expect(await world.history()).toMatchObject({ resalesOfUser: 0, resaleMarkupBps: null });
  });
});

describe('known scalpers', () => {
  const scalper = (over: { userId?: Uuid; deviceFingerprint?: string; confidence: number }) =>
    insertScalper(world.tenantId, {
      ...{ id: newId(), userId: null, deviceFingerprint: null, reason: 'resells' },
      ...{ addedBy: newId(), addedAt: world.now },
      ...over,
    });

  it('are known by user or device, with the higher confidence', async () => {
    const userId = newId();
    await transact(
      scalper({ userId, confidence: 0.35 }),
      scalper({ deviceFingerprint: 'fp_scalper', confidence: 0.6 }),
    );
    const device = { signals: { deviceFingerprint: 'fp_scalper' } };
    expect(await world.history({ userId })).toMatchObject({ knownScalper: 0.35 });
    expect(await world.history({ userId, ...device })).toMatchObject({ knownScalper: 0.6 });
    expect(await world.history()).toMatchObject({ knownScalper: 0 });
  });
});

describe('disputes', () => {
  const dispute = (paymentId: Uuid, userId: Uuid, outcome: 'open' | 'won' | 'lost') =>
    putLabel(world.tenantId, { label: 'dispute', paymentId, userId, outcome, at: world.now });
  const device = { signals: { deviceFingerprint: 'fp_disputed' } };

  async function bought(told: Parameters<FraudWorld['purchase']>[0]): Promise<Uuid> {
    const purchase = world.purchase({ ...told, at: new Date(world.now.getTime() - DAY) });
    await transact(...(await world.check.check(purchase)).record);
    return purchase.paymentId;
  }

  it('count for the user and for the device, unless they were won', async () => {
    const userId = newId();
    const first = await bought({ userId, ...device });
    const second = await bought({ userId });
    const third = await bought({ userId, ...device });
    await transact(
      ...dispute(first, userId, 'open'),
      ...dispute(second, userId, 'lost'),
      ...dispute(third, userId, 'won'),
    );
    const counts = { disputesOfUser: 2, disputesOfDevice: 1 };
    expect(await world.history({ userId, ...device })).toMatchObject(counts);
    expect(await world.history(device)).toMatchObject({ disputesOfUser: 0, disputesOfDevice: 1 });
  });

  it('count for the device when the signals have long been deleted', async () => {
    const userId = newId();
    const paymentId = await bought({ userId, ...device });
    await world.db.query('DELETE FROM purchase_signals WHERE payment_id = $1', [paymentId]);
    await transact(...dispute(paymentId, userId, 'open'));
    expect(await world.history(device)).toMatchObject({ disputesOfUser: 0, disputesOfDevice: 1 });
  });

  it('and accounts of a device are found under an older secret, too', async () => {
    const userId = newId();
    const paymentId = await bought({ userId, ...device });
    await transact(...dispute(paymentId, userId, 'open'));
    const renewed = world.rekeyed(new SubjectKeys(['a-secret-of-tomorrow', 'a-secret-of-today']));
    const { record, id } = await renewed.check(world.purchase(device));
    await transact(...record);
    const [row] = await world.db.query('SELECT features FROM fraud_checks WHERE id = $1', [id]);
    expect(row).toMatchObject({
      features: { history: { disputesOfDevice: 1, accountsOfDevice: 2 } },
    });
  });
});

describe('travel', () => {
  const nashville = { latitude: 36.16, longitude: -86.78 };
  const tokyo = { latitude: 35.68, longitude: 139.69 };

  it('is since the last purchase that had a place', async () => {
    const userId = newId();
    await world.bought(20 * HOUR, { userId, location: tokyo });
    await world.bought(10 * HOUR, { userId, location: nashville });
    await world.bought(HOUR, { userId });
    const { travelKmPerHour } = await world.history({ userId, location: tokyo });
    expect(travelKmPerHour).toBeGreaterThan(1_000);
    expect(travelKmPerHour).toBeLessThan(1_100);
    expect(await world.history({ userId })).toMatchObject({ travelKmPerHour: null });
  });
});

it('another tenant’s history is not read', async () => {
  const told = {
    userId: newId(),
    paymentMethod: 'card',
    signals: { ip: '198.51.100.7', deviceFingerprint: 'fp_8f14e45f' },
  };
  await world.buy(told);
  const counts = { purchasesUserHour: 1, purchasesIpHour: 1, purchasesCardDay: 1 };
  expect(await opened.fresh().history(told)).toMatchObject({ ...counts, accountsOfDevice: 1 });
});
