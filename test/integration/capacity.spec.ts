import fc from 'fast-check';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { failedWith, SQLSTATE } from '../../src/kernel/postgres/errors.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

let store: OpenDatabase;
let tenant: Uuid;
let event: Uuid;
let pool: Uuid;

beforeAll(async () => {
  store = await openDatabase();
});
afterAll(() => store.close());
beforeEach(() => {
  [tenant, event, pool] = [newId(), newId(), newId()];
});

const claim = (wanted: number, capacity: number, start = 0, of = pool) =>
  sql`SELECT claim_capacity(${tenant}, ${event}, ${of}, ${capacity}, ${wanted}, ${start})`;
const release = (amount: number, of = pool) =>
  sql`SELECT release_capacity(${tenant}, ${event}, ${of}, ${amount})`;
const run = (...statements: Statement[]) => store.database.transact(tenant, statements);

/** Runs the statements; false when they found the pool sold out. */
async function sold(...statements: Statement[]): Promise<boolean> {
  try {
    await run(...statements);
    return true;
  } catch (error) {
    if (failedWith(error, SQLSTATE.soldOut)) return false;
    throw error;
  }
}

async function taken(of = pool): Promise<number> {
  const [row] = await store.query(
    'SELECT coalesce(sum(taken), 0)::int AS n FROM capacity_shards WHERE pool_id = $1',
    [of],
  );
  return row?.n as number;
}
const shards = (of = pool) =>
  store.query('SELECT capacity, taken FROM capacity_shards WHERE pool_id = $1 ORDER BY shard', [
    of,
  ]);

describe('claiming', () => {
  it.each([1, 9, 10, 37, 100, 319, 320, 5_000])(
    'spreads a pool of %i over shards that hold it exactly',
    async (capacity) => {
      await run(claim(1, capacity));
      const rows = await shards();
      expect(rows).toHaveLength(Math.min(32, Math.max(1, Math.floor(capacity / 10))));
      expect(rows.reduce((sum, row) => sum + (row.capacity as number), 0)).toBe(capacity);
      expect(await taken()).toBe(1);
    },
  );

  it('takes from several shards when none has enough: all is sold before it is sold out', async () => {
    for (let i = 0; i < 3; i++) expect(await sold(claim(33, 100, i))).toBe(true);
    expect(await sold(claim(2, 100))).toBe(false);
    expect(await sold(claim(1, 100))).toBe(true);
    expect(await sold(claim(1, 100))).toBe(false);
    expect(await taken()).toBe(100);
  });

  it('names the pool that is sold out, and takes nothing', async () => {
    await run(claim(8, 10));
    await expect(run(claim(3, 10))).rejects.toMatchObject({
      code: SQLSTATE.soldOut,
      detail: pool,
    });
    expect(await taken()).toBe(8);
  });

  it('more than there is, or anything of nothing, is sold out from the start', async () => {
    expect(await sold(claim(11, 10))).toBe(false);
    expect(await sold(claim(1, 0, 0, newId()))).toBe(false);
  });

  it('takes from all pools or from none', async () => {
    const whole = newId();
    await run(claim(5, 10), claim(5, 6, 0, whole));
    expect(await sold(claim(2, 10), claim(2, 6, 0, whole))).toBe(false);
    expect([await taken(), await taken(whole)]).toEqual([5, 5]);
  });

  it('is the tenant’s own', async () => {
    await run(claim(10, 10));
    const other = newId();
    const theirs = sql`SELECT claim_capacity(${other}, ${event}, ${pool}, ${10}, ${10}, ${0})`;
    await expect(store.database.transact(other, [theirs])).resolves.toHaveLength(1);
    await expect(store.database.transact(newId(), [claim(1, 10)])).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe('releasing', () => {
  it('gives back what was taken, to be sold again', async () => {
    await run(claim(95, 100));
    await run(release(60));
    expect(await taken()).toBe(35);
    expect(await sold(claim(65, 100))).toBe(true);
    expect(await sold(claim(1, 100))).toBe(false);
  });

  it('never gives back more than was taken', async () => {
    await run(claim(3, 10));
    await expect(run(release(4))).rejects.toMatchObject({ code: SQLSTATE.guardFailed });
    expect(await taken()).toBe(3);
  });
});

describe('a capacity that the catalogue changes', () => {
  it('grows: what is new can be sold, what was sold stays sold', async () => {
    await run(claim(10, 10));
    expect(await sold(claim(90, 100))).toBe(true);
    expect(await sold(claim(1, 100))).toBe(false);
    expect(await taken()).toBe(100);
  });

  it('shrinks below what is sold: nothing more is sold until enough comes back', async () => {
    await run(claim(50, 100));
    expect(await sold(claim(1, 40))).toBe(false);
    await run(release(11));
    expect(await taken()).toBe(39);
    expect(await sold(claim(1, 40))).toBe(true);
    expect(await sold(claim(1, 40))).toBe(false);
  });

  it('shrinks to nothing', async () => {
    await run(claim(5, 10));
    expect(await sold(claim(1, 0))).toBe(false);
    expect(await taken()).toBe(5);
  });
});

type Step =
  | { readonly do: 'claim'; readonly quantity: number; readonly start: number }
  | { readonly do: 'release'; readonly quantity: number }
  | { readonly do: 'resize'; readonly capacity: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      quantity: fc.integer({ min: 1, max: 10 }),
      start: fc.nat(31),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('release' as const),
      quantity: fc.integer({ min: 1, max: 10 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('resize' as const),
      capacity: fc.integer({ min: 0, max: 60 }),
    }),
  },
);

describe('one after the other', () => {
  it('claims, releases and resizes do what a single counter would do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.array(step, { maxLength: 25 }),
        async (initial, steps) => {
          const of = newId();
          let capacity = initial;
          let count = 0;
          for (const each of steps) {
            if (each.do === 'resize') capacity = each.capacity;
            else if (each.do === 'claim') {
              const fits = count + each.quantity <= capacity;
              expect(await sold(claim(each.quantity, capacity, each.start, of))).toBe(fits);
              if (fits) count += each.quantity;
            } else if (each.quantity <= count) {
              await run(release(each.quantity, of));
              count -= each.quantity;
            }
            expect(await taken(of)).toBe(count);
          }
        },
      ),
      { numRuns: 30 },
    );
  }, 120_000);
});

/** Six buyers at a time take what they want from the list. */
async function crowd<T>(wants: readonly T[], buy: (want: T, i: number) => Promise<void>) {
  const left = wants.map((want, i) => [want, i] as const);
  const buyer = async () => {
    for (let next = left.pop(); next; next = left.pop()) await buy(...next);
  };
  await Promise.all(Array.from({ length: 6 }, buyer));
}

describe('many at once', () => {
  it('500 buyers for 100 tickets: exactly 100 are sold', async () => {
    let yes = 0;
    await crowd(Array.from({ length: 500 }), async (_, i) => {
      if (await sold(claim(1, 100, i % 32))) yes += 1;
    });
    expect([yes, await taken()]).toEqual([100, 100]);
  });

  it('mixed quantities: never too many, and nobody is refused what was left for him', async () => {
    const quantities = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 10, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: 150 }), quantities, async (capacity, wants) => {
        const of = newId();
        const refused: number[] = [];
        let count = 0;
        await crowd(wants, async (want, i) => {
          if (await sold(claim(want, capacity, i % 32, of))) count += want;
          else refused.push(want);
        });
        expect(await taken(of)).toBe(count);
        expect(count).toBeLessThanOrEqual(capacity);
        // Sales only add up: what did not fit then does not fit into what is left now.
        for (const want of refused) expect(want).toBeGreaterThan(capacity - count);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('claims and releases of several pools: the books of both agree at the end', async () => {
    const whole = newId();
    const pools = [newId(), newId()].sort();
    const held = new Map<Uuid, number>(pools.map((id) => [id, 0]));
    const ordered = (type: Uuid, statement: (of: Uuid) => Statement) =>
      [type, whole].sort().map((of) => statement(of));
    await crowd(Array.from({ length: 120 }), async (_, i) => {
      const type = pools[i % 2] ?? whole;
      const quantity = 1 + (i % 4);
      const size = (of: Uuid) => (of === whole ? 70 : 50);
      const ok = await sold(...ordered(type, (of) => claim(quantity, size(of), i % 32, of)));
      if (!ok) return;
      if (i % 3 === 0) await run(...ordered(type, (of) => release(quantity, of)));
      else held.set(type, (held.get(type) ?? 0) + quantity);
    });
    const [a = 0, b = 0] = [...held.values()];
    expect([await taken(pools[0]), await taken(pools[1])]).toEqual([a, b]);
    expect(await taken(whole)).toBe(a + b);
    expect(a + b).toBeLessThanOrEqual(70);
    expect(Math.max(a, b)).toBeLessThanOrEqual(50);
  });

  it('while the capacity grows: all of the larger one is sold, no more', async () => {
    let yes = 0;
    await crowd(Array.from({ length: 160 }), async (_, i) => {
      if (await sold(claim(1, i > 80 ? 40 : 120, i % 32))) yes += 1;
    });
    while (await sold(claim(1, 120))) yes += 1;
    expect([yes, await taken()]).toEqual([120, 120]);
  });
});
