import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What providers told us, kept before it is acted on. */
export class WebhookInbox1763000500000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE webhook_inbox (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        provider text NOT NULL,
        webhook_id text NOT NULL,
        event_type text NOT NULL,
        account text,
        livemode boolean NOT NULL,
        payload jsonb NOT NULL,
        signature text,
        received_at timestamptz NOT NULL DEFAULT now(),
        processed_at timestamptz,
        status text NOT NULL DEFAULT 'pending'
          CHECK (status IN ('pending', 'processing', 'processed', 'quarantined', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        error_message text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        CHECK ((status = 'processing') = (lease_until IS NOT NULL))
      );
      CREATE UNIQUE INDEX webhook_inbox_once ON webhook_inbox (tenant_id, provider, webhook_id);
      CREATE INDEX webhook_inbox_waiting ON webhook_inbox (next_attempt_at)
        WHERE status IN ('pending', 'processing');
      CREATE INDEX webhook_inbox_unsettled ON webhook_inbox (tenant_id, status)
        WHERE status IN ('quarantined', 'failed');
      CREATE INDEX webhook_inbox_received ON webhook_inbox (tenant_id, received_at);
      SELECT protect_tenant_table('webhook_inbox', 'append', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE webhook_inbox');
  }
}
