import fc from 'fast-check';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import {
  account,
  GetBalances,
  monthToDate,
  postJournal,
} from '../../src/ledger/ledger.contract.js';
import { GetBalancesHandler } from '../../src/ledger/queries/get-balances.js';
import { OpenTransaction, post, ROLL_UP, ticketsSold } from './ledger-book.js';
import { type OpenDatabase, openDatabase, until } from './outbox-database.js';

let store: OpenDatabase;

beforeAll(async () => {
  store = await openDatabase();
});
afterAll(() => store.close());

const rollUp = () => store.database.asWorker([ROLL_UP]);

type Step =
  | { readonly do: 'post'; readonly in: number; readonly cents: number }
  | { readonly do: 'commit' | 'roll back'; readonly in: number }
  | { readonly do: 'roll up' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      in: fc.nat(3),
      cents: fc.integer({ min: 1, max: 9_999 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('commit' as const, 'commit' as const, 'roll back' as const),
      in: fc.nat(3),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('roll up' as const) }) },
);

/** Four transactions side by side, a roll-up whenever it pleases, and what all that should come to. */
class Interleaving {
  private readonly tenant: Uuid = newId();
  private readonly venue: Uuid = newId();
  private readonly account = account.venue(this.venue, 'pending');
  private readonly open = new Map<number, { transaction: OpenTransaction; cents: bigint }>();
  private committed = 0n;
  private readonly told: { readonly at: Date; readonly balance: bigint }[] = [];

  /** Opens the accounts: who posts to a new one waits for whoever is opening it. */
  async begin(): Promise<void> {
    await post(store, this.tenant, ticketsSold(this.venue, 1));
    this.committed = 1n;
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'roll up') await rollUp();
    else if (step.do === 'post') await this.post(step.in, step.cents);
    else await this.end(step.in, step.do === 'commit');
    expect(await this.balance()).toBe(-this.committed);
    await this.remember();
  }

  async finish(): Promise<void> {
    for (const number of [...this.open.keys()]) await this.end(number, true);
    await rollUp();
    expect(await this.balance()).toBe(-this.committed);
    // What a reading called exact is what it still is.
    for (const { at, balance } of this.told) expect(await this.balance(at)).toBe(balance);
    // Transactions of other databases on the server hold the watermark back as well.
    await until(async () => {
      await rollUp();
      return (await this.rolledUp()) === -this.committed;
    });
  }

  private async rolledUp(): Promise<bigint> {
    const [sum] = await store.query(
      'SELECT sum(balance_cents)::text AS cents FROM ledger_balances WHERE account = $1',
      [this.account],
    );
    return BigInt((sum?.cents ?? '0') as string);
  }

  async abandon(): Promise<void> {
    for (const { transaction } of this.open.values()) await transaction.end('ROLLBACK');
  }

  private async post(number: number, cents: number): Promise<void> {
    const known = this.open.get(number);
    const transaction = known?.transaction ?? (await OpenTransaction.begin(store, this.tenant));
    await transaction.run(postJournal(this.tenant, ticketsSold(this.venue, cents)));
    this.open.set(number, { transaction, cents: (known?.cents ?? 0n) + BigInt(cents) });
  }

  private async end(number: number, commit: boolean): Promise<void> {
    const known = this.open.get(number);
    if (!known) return;
    this.open.delete(number);
    await known.transaction.end(commit ? 'COMMIT' : 'ROLLBACK');
    if (commit) this.committed += known.cents;
  }

  private read(at?: Date) {
    const query = new GetBalances(this.tenant, [this.account], at);
    return new GetBalancesHandler(store.database).execute(query);
  }

  private async balance(at?: Date): Promise<bigint> {
    return (await this.read(at)).balances[0]?.balance ?? 0n;
  }

  private async remember(): Promise<void> {
    const at = new Date();
    const { exactUpTo } = await this.read(at);
    this.told.push({ at: exactUpTo, balance: await this.balance(exactUpTo) });
  }
}

describe('rolled-up and newer entries together', () => {
  it('are the full sum at every step of any interleaving; nothing is lost or counted twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 18 }), async (steps) => {
        const interleaving = new Interleaving();
        try {
          await interleaving.begin();
          for (const each of steps) await interleaving.take(each);
          await interleaving.finish();
        } finally {
          await interleaving.abandon();
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('are the full sum in every snapshot, with writers, slow ones among them, and roll-ups at once', async () => {
    const [tenant, venue] = [newId(), newId()];
    const name = account.venue(venue, 'pending');
    await post(store, tenant, ticketsSold(venue, 1));
    const written = new AbortController();
    const writers = Array.from({ length: 4 }, async (_, n) => {
      for (let i = 1; i <= 25; i++) await post(store, tenant, ticketsSold(venue, 100 * n + i));
    });
    const slow = Array.from({ length: 3 }, async (_, n) => {
      for (let i = 1; i <= 5; i++) {
        const transaction = await OpenTransaction.begin(store, tenant);
        await transaction.run(postJournal(tenant, ticketsSold(venue, 10_000 * n + i)));
        await transaction.run(sql`SELECT pg_sleep(0.02)`);
        await transaction.end(i % 3 === 0 ? 'ROLLBACK' : 'COMMIT');
      }
    });
    const background = [0, 1].map(async () => {
      while (!written.signal.aborted) await rollUp();
    });
    let readings = 0;
    const reader = (async () => {
      while (!written.signal.aborted) {
        const [sum, full] = await store.database.read(tenant, [
          monthToDate(tenant, name, 'tickets', 'USD', '2025-01-12'),
          sql`SELECT -sum(amount_cents)::bigint AS cents FROM ledger_entries
            WHERE tenant_id = ${tenant} AND account = ${name}`,
        ]);
        expect(sum?.rows[0]?.credited_cents).toBe(full?.rows[0]?.cents);
        readings += 1;
      }
    })();
    try {
      await Promise.all([...writers, ...slow]);
    } finally {
      written.abort();
      await Promise.all([...background, reader]);
    }
    expect(readings).toBeGreaterThan(0);
    expect(await unforeseen()).toEqual([]);
  });
});

/** Entries stamped before a checkpoint that did not foresee their ids: a past called exact changes. */
const unforeseen = () =>
  store.query(`SELECT e.journal_id FROM ledger_entries e JOIN ledger_checkpoints c
    ON c.epoch = e.epoch AND e.posted_at <= c.taken_at AND e.tx_id >= c.next_tx_id`);
