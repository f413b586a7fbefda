import { sql } from './sql.js';

const HOSTILE = `'; DROP TABLE payments; --`;

describe('sql', () => {
  it('makes every value a parameter, never text', () => {
    const statement = sql`SELECT ${HOSTILE}, ${2n} FROM t WHERE a = ${null}`;
    expect(statement.text).toBe('SELECT $1, $2 FROM t WHERE a = $3');
    expect(statement.values).toEqual([HOSTILE, 2n, null]);
  });

  it('leaves a text without values alone', () => {
    expect(sql`SELECT 1`).toMatchObject({ text: 'SELECT 1', values: [] });
  });

  it('names a statement by its text, so that its plan is kept whatever the values', () => {
    const find = (id: number) => sql`SELECT * FROM t WHERE id = ${id}`;
    expect(find(1).name).toBe(find(2).name);
    expect(find(1).values).toEqual([1]);
    const elsewhere = sql`SELECT * FROM t WHERE id = ${3}`;
    expect(elsewhere.name).toBe(find(1).name);
    expect(sql`SELECT * FROM t WHERE ix = ${3}`.name).not.toBe(find(1).name);
  });

  it('has names that PostgreSQL does not cut off', () => {
    const long = sql`SELECT ${1} AS a_very_long_statement_that_goes_on_and_on_and_on_and_on_and_on`;
    expect(long.name.length).toBeLessThan(64);
  });

  it('counts beyond nine', () => {
    const ten = sql`${1} ${2} ${3} ${4} ${5} ${6} ${7} ${8} ${9} ${10} ${11}`;
    expect(ten.text).toBe('$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11');
  });
});
