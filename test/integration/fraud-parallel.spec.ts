import { newId } from '../../src/kernel/ids.js';
import { failedWith, SQLSTATE } from '../../src/kernel/postgres/errors.js';
import { DAY, FraudWorld } from './fraud-world.js';

let opened: FraudWorld;
let world: FraudWorld;

beforeAll(async () => {
  opened = await FraudWorld.open();
});
beforeEach(() => {
  world = opened.fresh();
});
afterAll(() => opened.close());

/** Of each purchase that was made. */
async function buyers(): Promise<readonly string[]> {
  const text = 'SELECT user_id FROM purchase_signals WHERE tenant_id = $1';
  return (await world.db.query(text, [world.tenantId])).map(({ user_id: user }) => user as string);
}

describe('a hundred purchases at once', () => {
  it('make as many as the limit allows, whatever each of them had read', async () => {
    const userId = newId();
    const checks = await Promise.all(
      Array.from({ length: 30 }, () => world.check.check(world.purchase({ userId }))),
    );
    expect(checks.filter(({ refusal }) => refusal)).toEqual([]);
    const made = await Promise.allSettled(
      checks.map(({ record }) => world.db.database.transact(world.tenantId, record)),
    );
    const failed = made.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    );
    expect(failed).toHaveLength(25);
    expect(failed.every((error) => failedWith(error, SQLSTATE.guardFailed))).toBe(true);
    expect((await world.buy({ userId })).refusal?.refused).toBe('RATE_LIMIT_EXCEEDED');
  });

  it('of many buyers from one address, with one card, neither pass a limit nor lock each other out', async () => {
    const shared = { signals: { ip: '198.51.100.7' } };
    const checks = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        world.check.check(world.purchase({ ...shared, paymentMethod: `card ${n % 4}` })),
      ),
    );
    const made = await Promise.allSettled(
      checks.map(({ record }) => world.db.database.transact(world.tenantId, record)),
    );
    const failed = made.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    );
    expect(failed.every((error) => failedWith(error, SQLSTATE.guardFailed))).toBe(true);
    expect(await buyers()).toHaveLength(10);
  });
});

describe('ten users at once with one card', () => {
  const paymentMethod = 'Xt5EWLLDS7FJjR1c';
  const attempt = async (users: readonly string[]) => {
    const checks = await Promise.all(
      users.map((userId) => world.check.check(world.purchase({ paymentMethod, userId }))),
    );
    expect(checks.filter(({ refusal }) => refusal)).toEqual([]);
    return Promise.allSettled(
      checks.map(({ record }) => world.db.database.transact(world.tenantId, record)),
    );
  };
  const users = (count: number) => Array.from({ length: count }, () => newId());

  it('are three in the end, whatever each of them had read', async () => {
    const made = await attempt(users(10));
    const failed = made.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    );
    expect(failed).toHaveLength(7);
    expect(failed.every((error) => failedWith(error, SQLSTATE.guardFailed))).toBe(true);
    const known = await buyers();
    expect(new Set(known).size).toBe(3);
    const [userId = ''] = known;
    expect((await world.buy({ paymentMethod, userId })).refusal).toBeNull();
  });

  it('find one place left by two who paid with it within thirty days', async () => {
    for (const ago of [DAY, 30 * DAY - 1, 30 * DAY]) await world.bought(ago, { paymentMethod });
    const made = await attempt(users(10));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
