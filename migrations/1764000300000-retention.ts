import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where provider events go that failed for good, and what finds those that are done with. */
export class Retention1764000300000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE webhook_inbox_archive (
        LIKE webhook_inbox,
        archived_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX webhook_inbox_archive_webhook
        ON webhook_inbox_archive (tenant_id, provider, webhook_id);
      SELECT protect_tenant_table('webhook_inbox_archive', 'read', 'append');
      CREATE INDEX webhook_inbox_processed ON webhook_inbox USING brin (processed_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX webhook_inbox_processed;
      DROP TABLE webhook_inbox_archive;
    `);
  }
}
