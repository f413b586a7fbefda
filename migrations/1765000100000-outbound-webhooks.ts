import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks to tenants and to the platform's services: where to, what, and how each try went. */
export class OutboundWebhooks1765000100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Its place among the events of its aggregate, for those who get them in another order.
      ALTER TABLE outbox ADD COLUMN sequence bigint;

      CREATE TABLE webhook_endpoints (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        url text NOT NULL CHECK (length(url) <= 2048),
        event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
        description text,
        status text NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'disabled')),
        -- Why it is disabled: by an administrator, by its own 410, or because nothing arrived for days.
        disabled_reason text CHECK (disabled_reason IN ('administrator', 'gone', 'failing')),
        -- Since when every delivery has failed.
        failing_since timestamptz,
        secret_key_id text NOT NULL,
        secret_ciphertext bytea NOT NULL,
        previous_key_id text,
        previous_ciphertext bytea,
        previous_until timestamptz,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL)),
        CHECK (num_nulls(previous_key_id, previous_ciphertext, previous_until) IN (0, 3))
      );
      SELECT protect_tenant_table('webhook_endpoints', 'full', 'read');

      -- The message is kept as the text that is sent: sent again, it is the same to the byte.
      CREATE TABLE webhook_deliveries (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        event_id uuid NOT NULL,
        event_type text NOT NULL,
        body text NOT NULL,
        correlation_id text,
        traceparent text,
        status text NOT NULL DEFAULT 'pending'
          CHECK (status IN ('pending', 'delivered', 'failed', 'skipped')),
        -- Tries since it was sent, or sent again, and all tries ever.
        attempts integer NOT NULL DEFAULT 0,
        total_attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, endpoint_id, event_id),
        CHECK ((status = 'pending') = (finished_at IS NULL))
      ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
      -- Each endpoint is a lane of its own: its next rows, and how many of them are on their way.
      CREATE INDEX webhook_deliveries_pending
        ON webhook_deliveries (tenant_id, endpoint_id, next_attempt_at) WHERE status = 'pending';
      CREATE INDEX webhook_deliveries_claimed ON webhook_deliveries (tenant_id, endpoint_id)
        WHERE status = 'pending' AND lease_until IS NOT NULL;
      CREATE INDEX webhook_deliveries_of_endpoint
        ON webhook_deliveries (tenant_id, endpoint_id, id);
      CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (tenant_id, id)
        WHERE status = 'failed';
      CREATE INDEX webhook_deliveries_finished ON webhook_deliveries USING brin (finished_at);
      SELECT protect_tenant_table('webhook_deliveries', 'full', 'full');

      CREATE TABLE webhook_delivery_attempts (
        tenant_id uuid NOT NULL,
        delivery_id uuid NOT NULL,
        attempt integer NOT NULL CHECK (attempt > 0),
        started_at timestamptz NOT NULL,
        duration_ms integer NOT NULL,
        outcome text NOT NULL,
        http_status smallint,
        error text,
        answer_excerpt text CHECK (length(answer_excerpt) <= 1024),
        PRIMARY KEY (tenant_id, delivery_id, attempt)
      );
      CREATE INDEX webhook_delivery_attempts_started
        ON webhook_delivery_attempts USING brin (started_at);
      SELECT protect_tenant_table('webhook_delivery_attempts', 'append', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE webhook_delivery_attempts, webhook_deliveries, webhook_endpoints;
      ALTER TABLE outbox DROP COLUMN sequence;
    `);
  }
}
