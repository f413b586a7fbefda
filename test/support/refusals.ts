import { query } from './shop.js';

type World = Parameters<typeof query>[0];

/** What PostgreSQL answers to transactions that stand in each other's way. */
export const CONFLICTS = [
  ['a deadlock', '40P01'],
  ['a serialization failure', '40001'],
  ['a lock that is not to be had', '55P03'],
] as const;

/**
 * The next `times` statements that write to the table so are refused; what counts them is not undone
 * with their transactions. Zero lets everything through again.
 */
export async function refuse(
  world: World,
  table: string,
  sqlState: string,
  times: number,
  writing: 'INSERT' | 'UPDATE' = 'INSERT',
): Promise<void> {
  await query(world, 'CREATE SEQUENCE IF NOT EXISTS refusals');
  await query(world, 'GRANT ALL ON SEQUENCE refusals TO PUBLIC');
  await query(world, 'ALTER SEQUENCE refusals RESTART');
  await query(
    world,
    `CREATE OR REPLACE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('refusals') <= ${times} THEN
        RAISE EXCEPTION 'not now' USING ERRCODE = '${sqlState}';
      END IF;
      RETURN NEW;
    END $$`,
  );
  await query(
    world,
    `CREATE OR REPLACE TRIGGER refuse_it BEFORE ${writing} ON ${table}
      FOR EACH ROW EXECUTE FUNCTION refuse_it()`,
  );
}

/** How often something was refused since `refuse` was called. */
export async function refusals(world: World, times: number): Promise<number> {
  const [row] = await query(world, 'SELECT last_value, is_called FROM refusals');
  return row?.is_called === true ? Math.min(times, Number(row.last_value)) : 0;
}
