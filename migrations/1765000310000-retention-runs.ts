import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When retention last ran: a day whose time came while no process ran is caught up with. */
export class RetentionRuns1765000310000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE retention_runs (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        -- The last batch's beginning: as long as batches come, somebody is at it.
        begun_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz NOT NULL DEFAULT now()
      );
      INSERT INTO retention_runs DEFAULT VALUES;
      GRANT SELECT ON retention_runs TO tickettoken_app;
      GRANT SELECT, UPDATE ON retention_runs TO tickettoken_worker;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE retention_runs');
  }
}
