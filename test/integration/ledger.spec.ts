import { newId, type Uuid } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { account, GetJournals, journal, reverseJournal } from '../../src/ledger/ledger.contract.js';
import { GetJournalsHandler } from '../../src/ledger/queries/get-journals.js';
import { post, ticketsSold } from './ledger-book.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

const UNBALANCED = { code: 'TT005' };

let store: OpenDatabase;
let tenant: Uuid;
let venue: Uuid;

beforeAll(async () => {
  store = await openDatabase();
});
afterAll(() => store.close());
beforeEach(() => {
  [tenant, venue] = [newId(), newId()];
});

const journals = (referenceId: Uuid, of = tenant) =>
  new GetJournalsHandler(store.database).execute(new GetJournals(of, referenceId));
const run = (...statements: Statement[]) => store.database.transact(tenant, statements);
const count = async (table: string) =>
  (await store.query(`SELECT count(*)::int AS n FROM ${table} WHERE tenant_id = $1`, [tenant]))[0]
    ?.n;

/** Entries as somebody would write them who does not know `postJournal`. */
const entries = (journalId: Uuid, lines: readonly (readonly [number, string])[], from = 1) =>
  sql`INSERT INTO ledger_entries
      (tenant_id, journal_id, line, account, code, currency, amount_cents, business_date)
    SELECT ${tenant}::uuid, ${journalId}::uuid, ${from}::int + n, 'platform:fees', 'x', money, cents,
      '2025-01-12'
    FROM unnest(${lines.map(([cents]) => cents)}::bigint[], ${lines.map(([, money]) => money)}::text[])
      WITH ORDINALITY AS l (cents, money, n)`;
const head = (id: Uuid) =>
  sql`INSERT INTO ledger_journals (tenant_id, id, kind, reference_id)
    VALUES (${tenant}, ${id}, 'test', ${id})`;

describe('posting a journal', () => {
  it('writes it with its lines in order, and tells it as it was', async () => {
    const sold = ticketsSold(venue, 5_000);
    await post(store, tenant, sold);
    expect(await journals(sold.referenceId)).toEqual([
      {
        id: sold.id,
        kind: 'purchase',
        currency: 'USD',
        postedAt: expect.any(Date) as Date,
        postings: [
          { account: account.providerClearing('stripe'), code: 'charge', amount: 5_000n },
          { account: account.venue(venue, 'pending'), code: 'tickets', amount: -5_000n },
        ],
      },
    ]);
  });

  it('is one statement, whatever the number of lines and new accounts', async () => {
    const sold = ticketsSold(venue, 5_000);
    const [result] = await post(store, tenant, sold);
    expect(result?.rowCount).toBe(2);
    expect(await count('ledger_accounts')).toBe(2);
  });

  it('opens an account once, however many post to it first', async () => {
    const first = Array.from({ length: 24 }, (_, i) => ticketsSold(venue, 100 + i));
    await Promise.all(first.map((each) => post(store, tenant, each)));
    expect(await count('ledger_journals')).toBe(24);
    expect(await count('ledger_accounts')).toBe(2);
  });

  it('is refused a second time under the same id', async () => {
    const sold = ticketsSold(venue, 5_000);
    await post(store, tenant, sold);
    await expect(post(store, tenant, sold)).rejects.toMatchObject({ code: '23505' });
    await expect(post(store, tenant, ticketsSold(venue, 1, { id: sold.id }))).rejects.toMatchObject(
      { code: '23505' },
    );
    expect(await count('ledger_entries')).toBe(2);
  });

  it('keeps every cent of the largest line', async () => {
    const largest = 9_999_999_999;
    const sold = ticketsSold(venue, largest);
    await post(store, tenant, sold);
    expect((await journals(sold.referenceId))[0]?.postings[1]?.amount).toBe(-9_999_999_999n);
  });

  it('undone by its reversal leaves both in the book, in order', async () => {
    const sold = ticketsSold(venue, 5_000);
    await post(store, tenant, sold);
    await store.database.transact(tenant, [
      reverseJournal(tenant, {
        journalId: sold.id,
        id: newId(),
        kind: 'purchase_undone',
        businessDate: '2025-01-13',
      }),
    ]);
    const book = await journals(sold.referenceId);
    expect(book.map(({ kind }) => kind)).toEqual(['purchase', 'purchase_undone']);
    const all = book.flatMap(({ postings }) => postings);
    for (const name of new Set(all.map((posting) => posting.account))) {
      const lines = all.filter((posting) => posting.account === name);
      expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
    }
  });

  it('is seen by its tenant only', async () => {
    const sold = ticketsSold(venue, 5_000);
    await post(store, tenant, sold);
    expect(await journals(sold.referenceId, newId())).toEqual([]);
    await expect(post(store, newId(), sold)).resolves.toHaveLength(1);
  });
});

describe('a journal that does not balance', () => {
  it('is refused with the statement that writes its lines', async () => {
    const id = newId();
    await expect(
      run(
        head(id),
        entries(id, [
          [100, 'USD'],
          [-99, 'USD'],
        ]),
      ),
    ).rejects.toMatchObject(UNBALANCED);
  });

  it('is refused though it balances over two currencies together', async () => {
    const id = newId();
    const mixed = entries(id, [
      [100, 'USD'],
      [-100, 'CAD'],
    ]);
    await expect(run(head(id), mixed)).rejects.toMatchObject(UNBALANCED);
  });

  it('may have two currencies that balance each', async () => {
    const id = newId();
    const lines = [
      [100, 'USD'],
      [-100, 'USD'],
      [7, 'CAD'],
      [-7, 'CAD'],
    ] as const;
    await expect(run(head(id), entries(id, lines))).resolves.toHaveLength(2);
  });

  it('cannot be made of an old one: a later line is refused at once', async () => {
    const sold = ticketsSold(venue, 5_000);
    await post(store, tenant, sold);
    await expect(run(entries(sold.id, [[1, 'USD']], 10))).rejects.toMatchObject(UNBALANCED);
    expect(await count('ledger_entries')).toBe(2);
  });

  it('cannot wait for a second statement to put it right', async () => {
    const id = newId();
    const halves = [entries(id, [[100, 'USD']]), entries(id, [[-100, 'USD']], 10)];
    await expect(run(head(id), ...halves)).rejects.toMatchObject(UNBALANCED);
  });

  it('nor have no lines at all: COMMIT refuses it', async () => {
    await expect(run(head(newId()), sql`SELECT 1`)).rejects.toMatchObject(UNBALANCED);
    expect(await count('ledger_journals')).toBe(0);
  });

  it('is seen through, whichever tenant the transaction names', async () => {
    const id = newId();
    const superuserLines = `INSERT INTO ledger_entries
        (tenant_id, journal_id, line, account, code, currency, amount_cents, business_date)
      VALUES ($1, $2, 1, 'a', 'x', 'USD', 5, '2025-01-12')`;
    await expect(store.query(superuserLines, [tenant, id])).rejects.toMatchObject(UNBALANCED);
  });
});

describe('a line', () => {
  it.each([
    ['moves something', 0],
    ['is bounded', 10_000_000_000],
  ])('%s', async (_, cents) => {
    const id = newId();
    const lines = [
      [cents, 'USD'],
      [-cents, 'USD'],
    ] as const;
    await expect(run(head(id), entries(id, lines))).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the book', () => {
  it.each([
    'UPDATE ledger_entries SET amount_cents = 1',
    'DELETE FROM ledger_entries',
    `UPDATE ledger_journals SET kind = 'x'`,
    'DELETE FROM ledger_journals',
  ])('is never rewritten: %s', async (change) => {
    await post(store, tenant, ticketsSold(venue, 5_000));
    const statement: Statement = { text: change, values: [], name: change };
    await expect(run(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(store.database.asWorker([statement])).rejects.toMatchObject({ code: '42501' });
    await expect(store.query(change)).rejects.toMatchObject({ code: 'TT004' });
  });

  it('is not written by the worker, and its sums not by the application', async () => {
    const id = newId();
    await expect(store.database.asWorker([head(id)])).rejects.toMatchObject({ code: '42501' });
    await expect(run(sql`DELETE FROM ledger_balances`)).rejects.toMatchObject({ code: '42501' });
    await expect(run(sql`UPDATE ledger_watermark SET tx_id = '0'`)).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('takes a journal of many lines on one account', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => ({
      account: account.tax(`US-${i % 3}`, 'state'),
      amount: toCents(-i - 1),
      code: 'tax',
    }));
    const total = lines.reduce((sum, { amount }) => sum - amount, 0n);
    const many = journal({
      ...ticketsSold(venue, 1),
      postings: [
        { account: account.providerClearing('stripe'), amount: toCents(total), code: 'charge' },
        ...lines,
      ],
    });
    await post(store, tenant, many);
    expect(await count('ledger_entries')).toBe(41);
    expect(await count('ledger_accounts')).toBe(4);
  });
});
