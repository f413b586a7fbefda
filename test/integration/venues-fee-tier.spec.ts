import { newId, type Uuid } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { SQLSTATE } from '../../src/kernel/postgres/errors.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { account } from '../../src/ledger/ledger.contract.js';
import {
  isTierMoved,
  KnownVolumes,
  needsTierGuard,
  parseTierReading,
  quoteFees,
  scheduleOn,
  tierGuard,
  tierOf,
  tierReading,
} from '../../src/venues/venues.contract.js';
import { DEFAULT_SETTINGS } from '../../src/venues/domain/settings.js';
import { capturedSale, openDatabase, type TestDatabase } from './venues-world.js';

const DAY = '2026-11-21';
const schedule = scheduleOn(DAY);

let store: TestDatabase;
let tenant: Uuid;
let venue: Uuid;

beforeAll(async () => {
  store = await openDatabase();
});
afterAll(() => store.close());
beforeEach(() => {
  [tenant, venue] = [newId(), newId()];
});

const run = (statement: Statement) => store.database.transact(tenant, [statement]);
const sell = (cents: number, day = DAY, other: { currency?: string; code?: string } = {}) =>
  run(capturedSale(tenant, venue, cents, day, other));
const rollUp = () => store.database.asWorker([sql`SELECT ledger_roll_up()`]);

async function gross(day = DAY): Promise<bigint> {
  const [result] = await store.database.read(tenant, [tierReading(tenant, venue, 'USD', day)]);
  return parseTierReading(result?.rows ?? []);
}

const guardAt = (monthToDate: number) =>
  run(tierGuard(tenant, venue, 'USD', DAY, tierOf(schedule, toCents(monthToDate))));

describe('the month’s gross', () => {
  it('is zero for a venue nobody has heard of', async () => {
    expect(await gross()).toBe(0n);
  });

  it('counts captured tickets of the venue’s month and currency, rolled up or not', async () => {
    await sell(10_000, '2026-11-01');
    await sell(20_000, '2026-11-30');
    await rollUp();
    await sell(5_000);
    await sell(900, '2026-10-31');
    await sell(900, '2026-12-01');
    await sell(900, DAY, { currency: 'CAD' });
    await run(capturedSale(tenant, newId(), 900, DAY));
    expect(await gross()).toBe(35_000n);
    expect(await gross('2026-12-31')).toBe(900n);
  });

  it('stays gross: fees that the venue bears and refunds do not lower it', async () => {
    await sell(10_000);
    await sell(-820, DAY, { code: 'platform_fee_borne' });
    await sell(-10_000, DAY, { code: 'refund' });
    expect(await gross()).toBe(10_000n);
  });
});

describe('the guard', () => {
  const BORDERS = [
    ['starter', 999_999, 1],
    ['pro', 10_000_000, 1],
  ] as const;

  it.each(BORDERS)(
    'lets a %s venue through to the last cent, not beyond',
    async (_, last, more) => {
      for (let rest = last; rest > 0; rest -= 9_999_999) await sell(Math.min(rest, 9_999_999));
      await expect(guardAt(last)).resolves.toBeDefined();
      await sell(more);
      const refused: unknown = await guardAt(last).catch((error: unknown) => error);
      expect(isTierMoved(refused)).toBe(true);
      expect(refused).toMatchObject({ code: SQLSTATE.guardFailed, detail: 'fee_tier' });
      await expect(guardAt(last + more)).resolves.toBeDefined();
    },
  );

  it('undoes everything the sale’s transaction has written', async () => {
    await sell(1_000_000);
    const sale = capturedSale(tenant, venue, 1, DAY);
    const starter = tierOf(schedule, toCents(0));
    const guard = tierGuard(tenant, venue, 'USD', DAY, starter);
    await expect(store.database.transact(tenant, [sale, guard])).rejects.toThrow('fee_tier');
    expect(await gross()).toBe(1_000_000n);
  });

  it('does not take another guard’s refusal for its own', async () => {
    const other: unknown = await run(sql`SELECT guard(false, 'price')`).catch((e: unknown) => e);
    expect(isTierMoved(other)).toBe(false);
  });

  it('reads the ledger once', async () => {
    const { text, values } = tierGuard(tenant, venue, 'USD', DAY, tierOf(schedule, toCents(0)));
    const { rows } = await store.superuser.query({
      text: `EXPLAIN (VERBOSE, FORMAT TEXT) ${text}`,
      values: [...values],
    });
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
    expect(plan.match(/ledger_month_to_date/g)).toHaveLength(1);
  });
});

/** A sale as payments makes it: read or remember, decide, guarded first transaction, capture. */
async function wholeSale(volumes: KnownVolumes, cents: number) {
  for (let attempt = 1; ; attempt++) {
    const monthToDateCents = volumes.recall(tenant, venue, 'USD', DAY) ?? toCents(await gross());
    volumes.learn(tenant, venue, 'USD', DAY, monthToDateCents);
    const { tier } = quoteFees({
      subtotalCents: toCents(cents),
      ticketCount: 1,
      businessDate: DAY,
      monthToDateCents,
      settings: DEFAULT_SETTINGS,
      taxCents: toCents(0),
    });
    try {
      const seen = sql`SELECT pg_current_snapshot()::text AS seen`;
      const guard = tierGuard(tenant, venue, 'USD', DAY, tier);
      const began = needsTierGuard(tier) ? [seen, guard, seen] : [seen, seen];
      const results = await store.database.transact(tenant, began);
      await sell(cents);
      const [before, after] = [results.at(0), results.at(-1)].map(
        (r) => r?.rows[0]?.seen as string,
      );
      return { tier: tier.name, attempt, before, after };
    } catch (error) {
      if (!isTierMoved(error) || attempt === 10) throw error;
      volumes.forget(tenant, venue, 'USD', DAY);
    }
  }
}

/** The venue's tier by the captures that a snapshot shows. */
async function tierAsSeenIn(snapshot: string | undefined) {
  const { rows } = await store.superuser.query<{ gross: string }>(
    `SELECT coalesce(-sum(amount_cents), 0) AS gross FROM ledger_entries
      WHERE account = $1 AND code = 'tickets' AND pg_visible_in_snapshot(tx_id, $2)`,
    [account.venue(venue, 'pending'), snapshot],
  );
  return tierOf(schedule, toCents(Number(rows[0]?.gross))).name;
}

describe('sales in flight together', () => {
  it('each have the tier of what was captured when they began, in any process', async () => {
    const processes = [new KnownVolumes(), new KnownVolumes(), new KnownVolumes()];
    const buyers = Array.from({ length: 6 }, async (_, i) => {
      const made = [];
      for (let n = 0; n < 10; n++) {
        made.push(await wholeSale(processes[i % 3] ?? new KnownVolumes(), 450_000));
      }
      return made;
    });
    const sales = (await Promise.all(buyers)).flat();
    expect(await gross()).toBe(60n * 450_000n);
    for (const { tier, before, after } of sales) {
      // The guard's snapshot lies between the two: so must the tier.
      const bracket = [await tierAsSeenIn(before), await tierAsSeenIn(after)];
      expect(bracket).toContain(tier);
    }
    expect(new Set(sales.map(({ tier }) => tier)).size).toBe(3);
  });

  it('a process that remembers too little is told by the guard and decides again', async () => {
    const volumes = new KnownVolumes();
    expect(await wholeSale(volumes, 999_999)).toMatchObject({ tier: 'starter', attempt: 1 });
    expect(await wholeSale(volumes, 100)).toMatchObject({ tier: 'starter', attempt: 1 });
    expect(await wholeSale(volumes, 100)).toMatchObject({ tier: 'pro', attempt: 2 });
    expect(await wholeSale(volumes, 100)).toMatchObject({ tier: 'pro', attempt: 1 });
  });

  it('two sales at the border whose captures have not committed are both below it', async () => {
    await sell(999_900);
    const starter = tierOf(schedule, toCents(await gross()));
    const guard = tierGuard(tenant, venue, 'USD', DAY, starter);
    const client = await store.superuser.connect();
    await client.query('BEGIN');
    const open = capturedSale(tenant, venue, 50_000, DAY);
    await client.query({ text: open.text, values: [...open.values] });
    await expect(run(guard)).resolves.toBeDefined();
    await client.query('COMMIT');
    client.release();
    await expect(run(guard)).rejects.toThrow('fee_tier');
  });
});
