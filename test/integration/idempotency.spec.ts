import {
  claimKey,
  endLease,
  type KeyScope,
  LEASE_SECONDS,
  parseKey,
  readKey,
  storeAnswer,
  takeOver,
} from '../../src/kernel/idempotency/idempotency.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { failedWith, SQLSTATE } from '../../src/kernel/postgres/errors.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

const DAY = 86_400;

let store: OpenDatabase;
let scope: KeyScope;

beforeAll(async () => {
  store = await openDatabase();
});
afterAll(() => store.close());
beforeEach(() => {
  scope = { tenantId: newId(), userId: newId(), operation: 'process', key: newId() };
});

const run = (statement: Statement, of = scope) => store.database.transact(of.tenantId, [statement]);
const claim = (resourceId: Uuid = newId(), of = scope, hash = 'hash', lifetime = DAY) =>
  run(claimKey(of, hash, resourceId, lifetime), of);
const look = async (of = scope) =>
  parseKey((await store.database.read(of.tenantId, [readKey(of)]))[0]);
const taken = async () => (await run(takeOver(scope)))[0]?.rowCount;
/** Lets the time since the claim pass. */
const age = (seconds: number) =>
  store.query(
    `UPDATE payment_idempotency SET lease_until = lease_until - make_interval(secs => $2),
      expires_at = expires_at - make_interval(secs => $2) WHERE idempotency_key = $1`,
    [scope.key, seconds],
  );
const isTaken = (error: unknown) => failedWith(error, SQLSTATE.keyTaken);

describe('claiming a key', () => {
  it('binds it to the object its request makes, while that runs', async () => {
    expect(await look()).toBeNull();
    const resourceId = newId();
    await claim(resourceId, scope, 'hash-1');
    expect(await look()).toEqual({
      requestHash: 'hash-1',
      resourceId,
      running: true,
      answer: null,
    });
  });

  it('a second time stops the whole transaction, whatever the body', async () => {
    const first = newId();
    await claim(first);
    for (const hash of ['hash', 'another']) {
      const again: unknown = await claim(newId(), scope, hash).catch((e: unknown) => e);
      expect(isTaken(again)).toBe(true);
    }
    expect(await look()).toMatchObject({ resourceId: first, requestHash: 'hash' });
  });

  it('belongs to tenant, user and operation: others may use the same one', async () => {
    await claim();
    const others = [
      { ...scope, tenantId: newId() },
      { ...scope, userId: newId() },
      { ...scope, operation: 'charge' },
      { ...scope, key: newId() },
    ];
    for (const other of others) {
      expect(await look(other)).toBeNull();
      await claim(newId(), other);
    }
  });

  it('is undone with its transaction', async () => {
    const failing = [claimKey(scope, 'hash', newId(), DAY), sql`SELECT 1 / ${0}::int`];
    await expect(store.database.transact(scope.tenantId, failing)).rejects.toThrow('zero');
    expect(await look()).toBeNull();
    await claim();
  });

  it('is possible again after its lifetime, with nothing left of the first time', async () => {
    await claim(newId(), scope, 'old');
    await run(storeAnswer(scope, { status: 200, body: '{"old":true}' }));
    await age(DAY - 60);
    await expect(claim()).rejects.toMatchObject({ code: SQLSTATE.keyTaken });
    await age(61);
    expect(await look()).toBeNull();
    const resourceId = newId();
    await claim(resourceId, scope, 'new');
    expect(await look()).toEqual({ requestHash: 'new', resourceId, running: true, answer: null });
  });

  it('200 keys, each ten times at once: 200 claims, the object of each in its row', async () => {
    const tenantId = newId();
    const userId = newId();
    let claimed = 0;
    for (let round = 0; round < 20; round++) {
      const keys = Array.from({ length: 10 }, () => ({ ...scope, tenantId, userId, key: newId() }));
      await Promise.all(
        keys.map(async (key) => {
          const ids = Array.from({ length: 10 }, () => newId());
          const tries = await Promise.allSettled(ids.map((id) => claim(id, key)));
          const won = ids.filter((_, i) => tries[i]?.status === 'fulfilled');
          const lost = tries.flatMap((t) => (t.status === 'rejected' ? [t.reason as unknown] : []));
          expect([won.length, lost.filter(isTaken).length]).toEqual([1, 9]);
          expect(await look(key)).toMatchObject({ resourceId: won[0] });
          claimed += won.length;
        }),
      );
    }
    expect(claimed).toBe(200);
    const [row] = await store.query(
      'SELECT count(*)::int AS n FROM payment_idempotency WHERE tenant_id = $1',
      [tenantId],
    );
    expect(row).toEqual({ n: 200 });
  });
});

describe('a key whose request died', () => {
  it('is taken over when its lease is over, not before', async () => {
    await claim();
    expect(await taken()).toBe(0);
    await age(LEASE_SECONDS - 5);
    expect(await taken()).toBe(0);
    await age(6);
    expect(await look()).toMatchObject({ running: false, answer: null });
    expect(await taken()).toBe(1);
    expect(await look()).toMatchObject({ running: true });
  });

  it('is taken over by one of many', async () => {
    await claim();
    await age(LEASE_SECONDS + 1);
    const counts = await Promise.all(Array.from({ length: 20 }, () => taken()));
    expect(counts.filter((count) => count === 1)).toHaveLength(1);
  });

  it('may be taken at once when the request itself let go of it', async () => {
    await claim();
    await run(endLease(scope));
    expect(await look()).toMatchObject({ running: false, answer: null });
    expect(await taken()).toBe(1);
  });

  it('stays bound: it can be taken over, never claimed', async () => {
    await claim();
    await age(LEASE_SECONDS + 1);
    await expect(claim()).rejects.toMatchObject({ code: SQLSTATE.keyTaken });
  });
});

describe('the answer', () => {
  const body = '{"b":1,  "a":"é", "n":1.0}';

  it('is kept byte for byte', async () => {
    await claim();
    await run(storeAnswer(scope, { status: 402, body }));
    expect(await look()).toMatchObject({ running: false, answer: { status: 402, body } });
  });

  it('is the first one for ever', async () => {
    await claim();
    await run(storeAnswer(scope, { status: 200, body }));
    const [second] = await run(storeAnswer(scope, { status: 402, body: '{}' }));
    expect(second?.rowCount).toBe(0);
    await run(endLease(scope));
    expect(await look()).toMatchObject({ answer: { status: 200, body } });
  });

  it('ends every taking over', async () => {
    await claim();
    await run(storeAnswer(scope, { status: 200, body }));
    await age(LEASE_SECONDS + 1);
    expect(await taken()).toBe(0);
  });

  it('is nobody else’s', async () => {
    await claim();
    const foreign = newId();
    const [stored] = await store.database.transact(foreign, [
      storeAnswer(scope, { status: 200, body }),
    ]);
    expect(stored?.rowCount).toBe(0);
    const [read] = await store.database.read(foreign, [readKey(scope)]);
    expect(read?.rows).toEqual([]);
  });
});
