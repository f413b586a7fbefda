import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An event that its subscribers have had may still have to reach the message broker: two stages, two
 * queues, so that neither is searched for the other's rows.
 */
export class OutboxForwarding1765000050000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE outbox ADD COLUMN heard_at timestamptz;
      CREATE INDEX outbox_unheard ON outbox (next_attempt_at, id)
        WHERE processed_at IS NULL AND heard_at IS NULL;
      CREATE INDEX outbox_unforwarded ON outbox (next_attempt_at, id)
        WHERE processed_at IS NULL AND heard_at IS NOT NULL;
      DROP INDEX outbox_unprocessed;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX outbox_unprocessed ON outbox (next_attempt_at, id) WHERE processed_at IS NULL;
      DROP INDEX outbox_unforwarded, outbox_unheard;
      ALTER TABLE outbox DROP COLUMN heard_at;
    `);
  }
}
