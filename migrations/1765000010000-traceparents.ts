import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace (W3C `traceparent`) in which a row was written, for whoever goes on with it. */
export class Traceparents1765000010000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE outbox ADD COLUMN traceparent text;
      ALTER TABLE saga_commands ADD COLUMN traceparent text;
      ALTER TABLE webhook_inbox ADD COLUMN traceparent text;
      ALTER TABLE webhook_inbox_archive ADD COLUMN traceparent text;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE webhook_inbox_archive DROP COLUMN traceparent;
      ALTER TABLE webhook_inbox DROP COLUMN traceparent;
      ALTER TABLE saga_commands DROP COLUMN traceparent;
      ALTER TABLE outbox DROP COLUMN traceparent;
    `);
  }
}
