import { newId, type Uuid } from '../../src/kernel/ids.js';
import {
  confirmLimits,
  type LimitedSale,
  LimitKeys,
  limitRefusal,
  regainLimits,
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
let tenantId: Uuid;
let eventId: Uuid;
let userId: Uuid;

beforeAll(async () => {
  world = await openLimitsWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  [tenantId, eventId, userId] = [newId(), newId(), newId()];
});

/** A sale to the test's user, with a card and an address. */
const sale = (over: Partial<LimitedSale> = {}) =>
  saleOf({
    tenantId,
    eventId,
    userId,
    paymentMethod: 'fingerprint',
    billingAddress: ADDRESS,
    ...over,
  });
const ask = (asked: LimitedSale, keys?: LimitKeys) => reserve(world.databases[0], asked, keys);
const run = async (...statements: Parameters<LimitsWorld['databases'][0]['transact']>[1]) => {
  await world.databases[0].transact(tenantId, statements);
};
const confirm = ({ paymentId }: LimitedSale) => run(confirmLimits(tenantId, paymentId));
const release = ({ paymentId }: LimitedSale, quantity: number | null = null) =>
  run(releaseLimits(tenantId, paymentId, quantity));
const counters = () => countersOf(world, eventId);
const all = (figures: string) =>
  ['user', 'payment_method', 'address'].map((kind) => `${kind}: ${figures}`);

const limits = (perUser: number, perPaymentMethod: number, perAddress: number) => ({
  limits: { perUser, perPaymentMethod, perAddress },
});

describe('reserving', () => {
  it('counts tickets by user, by card and by address', async () => {
    expect(await ask(sale({ quantity: 2 }))).toBeUndefined();
    expect(await ask(sale({ quantity: 3, userId: newId() }))).toBeUndefined();
    expect(await counters()).toEqual([
      'user: 2/0',
      'user: 3/0',
      'payment_method: 5/0',
      'address: 5/0',
    ]);
  });

  it('counts once a payment, however often it is asked', async () => {
    const once = sale({ quantity: 2, ...limits(3, 3, 3) });
    await ask(once);
    expect(await ask(once)).toBeUndefined();
    expect(await counters()).toEqual(all('2/0'));
  });

  it('skips what it does not know: no card, no address', async () => {
    await ask(sale({ paymentMethod: null, billingAddress: null, ...limits(1, 0, 0) }));
    expect(await counters()).toEqual(['user: 1/0']);
  });

  it('counts events apart, and tenants', async () => {
    await ask(sale(limits(1, 1, 1)));
    expect(await ask(sale({ eventId: newId(), ...limits(1, 1, 1) }))).toBeUndefined();
    expect(await ask(sale({ tenantId: newId(), ...limits(1, 1, 1) }))).toBeUndefined();
    expect(await ask(sale(limits(1, 1, 1)))).toBeDefined();
  });

  it('hashes a card and an address anew for each event: the counters link no two', async () => {
    await ask(sale());
    await ask(sale({ eventId: newId() }));
    const subjects = await world.query(
      `SELECT DISTINCT kind, subject FROM purchase_limit_counters WHERE tenant_id = $1
        ORDER BY kind`,
      [tenantId],
    );
    expect(subjects.map(({ kind }) => kind)).toEqual([
      'address',
      'address',
      'payment_method',
      'payment_method',
      'user',
    ]);
  });

  it.each([
    ['user', limits(4, 9, 9), 4],
    ['payment_method', limits(9, 5, 9), 5],
    ['address', limits(9, 9, 3), 3],
  ])('refuses what passes the limit by %s, and says what is left', async (limit, over, allowed) => {
    await ask(sale({ quantity: 2, ...over }));
    const refusal = await ask(sale({ quantity: allowed - 1, ...over }));
    expect(refusal).toMatchObject({
      refused: 'PURCHASE_LIMIT_EXCEEDED',
      extra: { limit, allowed, remaining: allowed - 2 },
    });
    expect(await counters()).toEqual(all('2/0'));
    expect(await ask(sale({ quantity: allowed - 2, ...over }))).toBeUndefined();
    expect(await ask(sale(over))).toMatchObject({ extra: { limit, allowed, remaining: 0 } });
  });

  it('refuses a first sale above the limit, and leaves no trace of it', async () => {
    expect(await ask(sale({ quantity: 5, ...limits(9, 4, 9) }))).toMatchObject({
      message: 'At most 4 tickets of this event per payment method: 4 left.',
      extra: { limit: 'payment_method', allowed: 4, remaining: 4 },
    });
    expect(await counters()).toEqual([]);
    const kept = 'SELECT FROM purchase_limit_reservations WHERE event_id = $1';
    expect(await world.query(kept, [eventId])).toEqual([]);
  });

  it('tells of the user first, then the card, then the address', async () => {
    const over = { quantity: 2 };
    expect(await ask(sale({ ...over, ...limits(1, 1, 1) }))).toMatchObject({
      extra: { limit: 'user' },
    });
    expect(await ask(sale({ ...over, ...limits(2, 1, 1) }))).toMatchObject({
      extra: { limit: 'payment_method' },
    });
  });

  it('holds to the limits of the sale: lower than what is had, nothing is left of them', async () => {
    await ask(sale({ quantity: 6, ...limits(6, 6, 6) }));
    expect(await ask(sale(limits(4, 4, 8)))).toMatchObject({ extra: { allowed: 4, remaining: 0 } });
    expect(await ask(sale({ quantity: 2, ...limits(8, 8, 8) }))).toBeUndefined();
    expect(await counters()).toEqual(all('8/0'));
  });

  it('knows an address in every spelling, and holds none, nor a card', async () => {
    await ask(sale(limits(9, 9, 1)));
    const written = { ...ADDRESS, line1: '116 FIFTH avenue north #4-b', line2: '', city: 'x' };
    const other = { userId: newId(), paymentMethod: null, billingAddress: written };
    expect(await ask(sale({ ...other, ...limits(9, 9, 1) }))).toMatchObject({
      extra: { limit: 'address' },
    });
    const rows = await world.query(
      `SELECT c::text || r::text AS text FROM purchase_limit_counters c, purchase_limit_reservations r
        WHERE c.event_id = $1 AND r.event_id = $1`,
      [eventId],
    );
    expect(rows).toHaveLength(3);
    for (const { text } of rows) expect(text).not.toMatch(/fingerprint|avenue|north|5th/i);
  });

  it('counts under an older key too for as long as it is configured', async () => {
    const [old, renewed] = [new LimitKeys(['older']), new LimitKeys(['newer', 'older'])];
    const few = limits(9, 2, 9);
    await ask(sale(few), old);
    await ask(sale({ userId: newId(), ...few }), renewed);
    expect(await ask(sale({ userId: newId(), ...few }), renewed)).toBeDefined();
    expect(await ask(sale({ userId: newId(), ...few }), old)).toBeDefined();
    expect(await ask(sale({ userId: newId(), ...few }), new LimitKeys(['newer']))).toBeUndefined();
  });

  it('reads no other error as a limit', async () => {
    const nothing = ask(sale({ quantity: 0 }));
    await expect(nothing).rejects.toMatchObject({ code: '23514' });
    expect(limitRefusal(await nothing.catch((error: unknown) => error))).toBeUndefined();
  });
});

describe('confirming', () => {
  it('makes what was reserved bought, once', async () => {
    const bought = sale({ quantity: 3 });
    await ask(bought);
    await confirm(bought);
    await confirm(bought);
    expect(await counters()).toEqual(all('0/3'));
  });

  it('counts bought tickets like reserved ones', async () => {
    const bought = sale({ quantity: 3, ...limits(4, 4, 4) });
    await ask(bought);
    await confirm(bought);
    expect(await ask(sale({ quantity: 2, ...limits(4, 4, 4) }))).toMatchObject({
      extra: { remaining: 1 },
    });
  });

  it('does nothing for a payment that has reserved nothing, nor for a released one', async () => {
    await confirm(sale());
    const released = sale();
    await ask(released);
    await release(released);
    await confirm(released);
    expect(await counters()).toEqual(all('0/0'));
    await run(regainLimits(tenantId, released.paymentId));
    expect(await counters()).toEqual(all('1/0'));
  });
});

describe('releasing', () => {
  it('gives back what was reserved, once', async () => {
    const [ended, alive] = [sale({ quantity: 2 }), sale({ quantity: 1 })];
    await ask(ended);
    await ask(alive);
    await release(ended);
    await release(ended);
    await release(sale());
    expect(await counters()).toEqual(all('1/0'));
  });

  it('takes refunded tickets off what was bought, never more than there are', async () => {
    const bought = sale({ quantity: 4 });
    await ask(bought);
    await confirm(bought);
    await release(bought, 1);
    expect(await counters()).toEqual(all('0/3'));
    await release(bought, 2);
    await confirm(bought);
    expect(await counters()).toEqual(all('0/1'));
    await release(bought, 9);
    await release(bought, 1);
    expect(await counters()).toEqual(all('0/0'));
  });

  it('of a part before the payment leaves the rest to be confirmed', async () => {
    const part = sale({ quantity: 4 });
    await ask(part);
    await release(part, 3);
    await confirm(part);
    expect(await counters()).toEqual(all('0/1'));
  });

  it('is gone with the transaction it stood in', async () => {
    const kept = sale();
    await ask(kept);
    const failing = run(releaseLimits(tenantId, kept.paymentId, null), {
      text: `SELECT guard(false, 'later')`,
      values: [],
      name: 'later',
    });
    await expect(failing).rejects.toMatchObject({ code: 'TT003' });
    expect(await counters()).toEqual(all('1/0'));
  });

  it('of another tenant’s payment does nothing', async () => {
    const kept = sale();
    await ask(kept);
    await run(releaseLimits(newId(), kept.paymentId, null));
    await world.databases[0].transact(newId(), [releaseLimits(tenantId, kept.paymentId, null)]);
    expect(await counters()).toEqual(all('1/0'));
  });
});

describe('a payment that had ended and was paid after all', () => {
  const regain = ({ paymentId }: LimitedSale) =>
    run(regainLimits(tenantId, paymentId), confirmLimits(tenantId, paymentId));

  it('counts again, once, as bought', async () => {
    const late = sale({ quantity: 2 });
    await ask(late);
    await release(late);
    await regain(late);
    await regain(late);
    expect(await counters()).toEqual(all('0/2'));
  });

  it('is refused where others have taken its place meanwhile', async () => {
    const late = sale({ quantity: 2, ...limits(3, 3, 3) });
    await ask(late);
    await release(late);
    await ask(sale({ quantity: 2, ...limits(3, 3, 3) }));
    const refused = await regain(late).catch((error: unknown) => error);
    expect(limitRefusal(refused)).toMatchObject({
      extra: { limit: 'user', allowed: 3, remaining: 1 },
    });
    expect(await counters()).toEqual(all('2/0'));
  });

  it('changes nothing for one that counts', async () => {
    const alive = sale({ quantity: 2 });
    await ask(alive);
    await run(regainLimits(tenantId, alive.paymentId), regainLimits(tenantId, newId()));
    expect(await counters()).toEqual(all('2/0'));
  });
});
