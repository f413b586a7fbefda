import pg from 'pg';
import { APPLICATION_ROLE, connectionOptions } from '../../src/kernel/postgres/connections.js';
import { failedWith } from '../../src/kernel/postgres/errors.js';
import { pipeline } from '../../src/kernel/postgres/pipeline.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

let fresh: FreshDatabase;
let client: pg.Client;

beforeAll(async () => {
  fresh = await freshDatabase();
});
beforeEach(async () => {
  client = new pg.Client(connectionOptions(fresh.url, APPLICATION_ROLE, 1));
  await client.connect();
});
afterEach(() => client.end());
afterAll(() => fresh.drop());

const numbers = (upTo: number) => sql`SELECT n::bigint, 'x' || n AS name, NULL AS nothing
  FROM generate_series(1, ${upTo}::integer) n`;
const divide = (by: number) => sql`SELECT 12 / ${by}::integer AS quotient`;
const prepared = async () =>
  (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM pg_prepared_statements')).rows;

describe('a pipeline', () => {
  it('answers each statement with its own rows, typed, in order', async () => {
    const [two, none, three] = await pipeline(client, [numbers(2), sql`SELECT`, divide(4)]);
    expect(two).toEqual({
      command: 'SELECT',
      rowCount: 2,
      rows: [
        { n: 1n, name: 'x1', nothing: null },
        { n: 2n, name: 'x2', nothing: null },
      ],
    });
    expect(none).toMatchObject({ rowCount: 1, rows: [{}] });
    expect(three?.rows).toEqual([{ quotient: 3 }]);
  });

  it('takes one statement several times, and knows its columns the next time', async () => {
    await pipeline(client, [numbers(1), divide(2), numbers(1)]);
    const again = await pipeline(client, [divide(3), numbers(1), divide(6)]);
    expect(again.map(({ rows }) => rows[0])).toEqual([
      { quotient: 4 },
      { n: 1n, name: 'x1', nothing: null },
      { quotient: 2 },
    ]);
    expect(await prepared()).toEqual([{ n: 2 }]);
  });

  it('throws the first refusal and runs nothing behind it', async () => {
    const refused = await pipeline(client, [
      sql`SELECT set_config('bench.ran', 'first', false)`,
      divide(0),
      sql`SELECT set_config('bench.ran', 'last', false)`,
    ]).catch((error: unknown) => error);
    expect(failedWith(refused, '22012')).toBe(true);
    const [ran] = await pipeline(client, [sql`SELECT current_setting('bench.ran', true) AS ran`]);
    expect(ran?.rows[0]?.ran).not.toBe('last');
  });

  it('can use every statement of a refused batch again', async () => {
    const batch = (by: number) => [numbers(1), divide(by), sql`SELECT 1 AS one`];
    await expect(pipeline(client, batch(0))).rejects.toThrow('division by zero');
    await expect(pipeline(client, batch(0))).rejects.toThrow('division by zero');
    const results = await pipeline(client, batch(12));
    expect(results.map(({ rows }) => rows)).toEqual([
      [{ n: 1n, name: 'x1', nothing: null }],
      [{ quotient: 1 }],
      [{ one: 1 }],
    ]);
  });

  it('survives a statement that cannot even be parsed', async () => {
    const wrong = sql`SELECT FROM nowhere_at_all`;
    await expect(pipeline(client, [divide(1), wrong])).rejects.toThrow('nowhere_at_all');
    await expect(pipeline(client, [wrong, divide(1)])).rejects.toThrow('nowhere_at_all');
    expect((await pipeline(client, [divide(6)]))[0]?.rows).toEqual([{ quotient: 2 }]);
  });
});
