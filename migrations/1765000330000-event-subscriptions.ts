import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which subscribers some worker of the deployment is configured for: the others leave them their
 * events. And since when a webhook waits, so that one to a service that nobody reaches any more ends.
 */
export class EventSubscriptions1765000330000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE event_subscriptions (
        subscriber text PRIMARY KEY,
        event_types text[] NOT NULL,
        announced_at timestamptz NOT NULL DEFAULT now()
      );
      GRANT SELECT ON event_subscriptions TO tickettoken_app;
      GRANT SELECT, INSERT, UPDATE ON event_subscriptions TO tickettoken_worker;

      ALTER TABLE webhook_deliveries ADD COLUMN pending_since timestamptz NOT NULL DEFAULT now();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE webhook_deliveries DROP COLUMN pending_since;
      DROP TABLE event_subscriptions;
    `);
  }
}
