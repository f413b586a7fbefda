import { newId, type Uuid } from '../../src/kernel/ids.js';
import {
  account,
  type AccountName,
  GetBalances,
  monthToDate,
  postJournal,
} from '../../src/ledger/ledger.contract.js';
import { GetBalancesHandler } from '../../src/ledger/queries/get-balances.js';
import { OpenTransaction, post, ROLL_UP, ticketsSold } from './ledger-book.js';
import { type OpenDatabase, openDatabase, until } from './outbox-database.js';

const CLEARING = account.providerClearing('stripe');

let store: OpenDatabase;
let tenant: Uuid;
let venue: Uuid;
let pending: AccountName;

beforeAll(async () => {
  store = await openDatabase();
});
afterAll(() => store.close());
beforeEach(() => {
  [tenant, venue] = [newId(), newId()];
  pending = account.venue(venue, 'pending');
});

const sell = (cents: number, over: Parameters<typeof ticketsSold>[2] = {}) =>
  post(store, tenant, ticketsSold(venue, cents, over));
const rollUp = () => store.database.asWorker([ROLL_UP]);
const read = (at?: Date, accounts: readonly AccountName[] = [pending]) =>
  new GetBalancesHandler(store.database).execute(new GetBalances(tenant, accounts, at));
const balance = async (at?: Date) => (await read(at)).balances[0]?.balance ?? 0n;
/** A moment that lies after everything so far, and before everything to come. */
async function moment(): Promise<Date> {
  const [row] = await store.query(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 ms' AS now`,
  );
  await store.query('SELECT pg_sleep(0.003)');
  return row?.now as Date;
}

describe('balances now', () => {
  it('are signed sums by account and currency; what was never used is absent', async () => {
    await sell(5_000);
    await sell(2_500);
    await sell(700, { currency: 'CAD' });
    const unused = account.venue(newId(), 'pending');
    expect((await read(undefined, [pending, CLEARING, unused])).balances).toEqual([
      { account: CLEARING, currency: 'CAD', balance: 700n },
      { account: CLEARING, currency: 'USD', balance: 7_500n },
      { account: pending, currency: 'CAD', balance: -700n },
      { account: pending, currency: 'USD', balance: -7_500n },
    ]);
  });

  it('are the same before, between and after roll-ups', async () => {
    await sell(5_000);
    expect(await balance()).toBe(-5_000n);
    await rollUp();
    expect(await balance()).toBe(-5_000n);
    await sell(1_000);
    expect(await balance()).toBe(-6_000n);
    await rollUp();
    await rollUp();
    expect(await balance()).toBe(-6_000n);
  });

  it('are the tenant’s own', async () => {
    await sell(5_000);
    await rollUp();
    const other = new GetBalances(newId(), [pending, CLEARING]);
    expect((await new GetBalancesHandler(store.database).execute(other)).balances).toEqual([]);
  });
});

describe('balances at a past instant', () => {
  it('are those of what was posted until then', async () => {
    const before = await moment();
    await sell(5_000);
    const between = await moment();
    await sell(2_500);
    const after = await moment();
    await rollUp();
    expect(await balance(before)).toBe(0n);
    expect(await balance(between)).toBe(-5_000n);
    expect(await balance(after)).toBe(-7_500n);
  });

  it('are exact up to the instant asked for, once everything older has ended', async () => {
    await sell(5_000);
    const at = await moment();
    await until(async () => {
      await rollUp();
      return (await read(at)).exactUpTo.getTime() === at.getTime();
    });
    const now = await read();
    expect(now.exactUpTo.getTime()).toBeGreaterThanOrEqual(at.getTime());
  });

  it('are not called exact while a transaction runs that may still add to them', async () => {
    await sell(5_000);
    await rollUp();
    const before = await moment();
    const late = await OpenTransaction.begin(store, tenant);
    await late.run(postJournal(tenant, ticketsSold(venue, 1_000)));
    const at = await moment();
    await rollUp();
    await rollUp();
    const open = await read(at);
    expect(open.exactUpTo.getTime()).toBeLessThan(before.getTime());
    expect(open.balances[0]?.balance).toBe(-5_000n);
    await late.end('COMMIT');
    await until(async () => (await read(at)).exactUpTo.getTime() === at.getTime());
    expect(await balance(at)).toBe(-6_000n);
  });
});

describe('the month to date', () => {
  const credited = async (day: string, code = 'tickets', currency = 'USD') => {
    const [result] = await store.database.read(tenant, [
      monthToDate(tenant, pending, code, currency, day),
    ]);
    return result?.rows[0]?.credited_cents as bigint;
  };

  it.each(['before', 'after', 'half'])(
    'has the days of its month, %s the roll-up',
    async (when) => {
      await sell(1, { businessDate: '2024-12-31' });
      await sell(10, { businessDate: '2025-01-01' });
      if (when === 'half') await rollUp();
      await sell(100, { businessDate: '2025-01-31' });
      await sell(1_000, { businessDate: '2025-02-01' });
      if (when === 'after') await rollUp();
      for (const day of ['2025-01-01', '2025-01-15', '2025-01-31']) {
        expect(await credited(day)).toBe(110n);
      }
      expect(await credited('2024-12-01')).toBe(1n);
      expect(await credited('2025-02-28')).toBe(1_000n);
      expect(await credited('2025-03-01')).toBe(0n);
    },
  );

  it('goes by the day at the venue, not by when it was posted', async () => {
    await sell(500, { businessDate: '2024-02-29' });
    expect(await credited('2024-02-01')).toBe(500n);
    expect(await credited('2024-03-01')).toBe(0n);
  });

  it('tells lines and currencies apart', async () => {
    await sell(100);
    await sell(20, { code: 'refund' });
    await sell(3, { currency: 'CAD' });
    await rollUp();
    expect(await credited('2025-01-12')).toBe(100n);
    expect(await credited('2025-01-12', 'refund')).toBe(20n);
    expect(await credited('2025-01-12', 'tickets', 'CAD')).toBe(3n);
  });
});

describe('a restore into another cluster, where transaction ids start again', () => {
  const restored = () => store.query('UPDATE ledger_watermark SET system_identifier = 1');
  const epoch = async () => (await store.query('SELECT epoch FROM ledger_watermark'))[0]?.epoch;

  it('sums everything afresh in a new epoch, once', async () => {
    await sell(5_000);
    await rollUp();
    await sell(2_500);
    const before = (await epoch()) as number;
    await restored();
    await rollUp();
    expect(await epoch()).toBe(before + 1);
    expect(await balance()).toBe(-7_500n);
    await rollUp();
    expect(await epoch()).toBe(before + 1);
    expect(await balance()).toBe(-7_500n);
  });

  it('counts what comes after it once, though its ids are lower than the old ones', async () => {
    await sell(5_000);
    await rollUp();
    // The old cluster had come further: its watermark lies ahead of every id to come.
    await store.query(`UPDATE ledger_watermark SET tx_id = '999999999999'`);
    await restored();
    await rollUp();
    await sell(1_000);
    expect(await balance()).toBe(-6_000n);
    await rollUp();
    expect(await balance()).toBe(-6_000n);
    await sell(500);
    expect(await balance()).toBe(-6_500n);
  });

  it('does not trust checkpoints of the old epoch', async () => {
    await sell(5_000);
    await rollUp();
    await restored();
    await rollUp();
    expect((await read()).exactUpTo).toEqual(new Date(0));
    await until(async () => {
      await rollUp();
      return (await read()).exactUpTo.getTime() > 0;
    });
  });
});
