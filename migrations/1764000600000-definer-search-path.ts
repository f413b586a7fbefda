import type { MigrationInterface, QueryRunner } from 'typeorm';

const FUNCTIONS = ['entries_sum_to_zero', 'journal_sums_to_zero', 'ledger_roll_up'];

/**
 * A function that runs as its owner looks a caller's temporary objects up last: otherwise they come
 * first, unnamed (postgresql.org/docs/current/sql-createfunction.html, "Writing SECURITY DEFINER
 * Functions Safely").
 */
export class DefinerSearchPath1764000600000 implements MigrationInterface {
  up(db: QueryRunner): Promise<void> {
    return setSearchPath(db, 'public, pg_temp');
  }

  down(db: QueryRunner): Promise<void> {
    return setSearchPath(db, 'public');
  }
}

async function setSearchPath(db: QueryRunner, path: string): Promise<void> {
  for (const name of FUNCTIONS) {
    await db.query(`ALTER FUNCTION ${name}() SET search_path = ${path}`);
  }
}
