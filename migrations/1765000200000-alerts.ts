import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators must hear of, one row a subject, and what of the rows that need a human they know. */
export class Alerts1765000200000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE alerts (
        tenant_id uuid NOT NULL,
        key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
        severity text NOT NULL CHECK (severity IN ('warning', 'critical')),
        title text NOT NULL CHECK (length(title) <= 500),
        origin jsonb NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        -- How often it was seen, and how many of those a message has told of.
        seen bigint NOT NULL DEFAULT 1 CHECK (seen >= 1),
        told bigint NOT NULL DEFAULT 0,
        first_seen_at timestamptz NOT NULL DEFAULT now(),
        -- The oldest that no message has told of.
        untold_since timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        told_at timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        last_error text,
        PRIMARY KEY (tenant_id, key),
        CHECK (told BETWEEN 0 AND seen)
      );
      CREATE INDEX alerts_untold ON alerts (next_attempt_at) WHERE told < seen;
      SELECT protect_tenant_table('alerts', 'read', 'full');

      ALTER TABLE open_items ADD COLUMN alerted_at timestamptz;
      CREATE INDEX open_items_untold ON open_items (opened_at)
        WHERE status = 'open' AND alerted_at IS NULL;
      ALTER TABLE outbox_dlq ADD COLUMN alerted_at timestamptz;
      CREATE INDEX outbox_dlq_untold ON outbox_dlq (created_at) WHERE alerted_at IS NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE outbox_dlq DROP COLUMN alerted_at;
      ALTER TABLE open_items DROP COLUMN alerted_at;
      DROP TABLE alerts;
    `);
  }
}
