import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Durable messaging: events that leave with their transaction, who has had them, and sagas. */
export class Outbox1763000400000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- How long a row rests after its nth failed attempt.
      CREATE FUNCTION retry_delay(attempt integer) RETURNS interval
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT (ARRAY['2 seconds', '5 seconds', '15 seconds', '1 minute', '5 minutes',
          '15 minutes', '1 hour']::interval[])[least(greatest(attempt, 1), 7)] $$;

      -- Room on each page lets a claim rewrite its row in place; rows are short-lived work, so the
      -- vacuum comes early.
      CREATE TABLE outbox (
        tenant_id uuid NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        event_id uuid NOT NULL,
        aggregate_id uuid NOT NULL,
        aggregate_type text NOT NULL,
        event_type text NOT NULL,
        event_version smallint NOT NULL,
        payload jsonb NOT NULL,
        correlation_id text,
        occurred_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        processed_at timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        last_attempt_at timestamptz,
        last_error text,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        PRIMARY KEY (tenant_id, event_id)
      ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
      CREATE INDEX outbox_unprocessed ON outbox (next_attempt_at, id) WHERE processed_at IS NULL;
      CREATE INDEX outbox_processed ON outbox USING brin (processed_at);
      SELECT protect_tenant_table('outbox', 'append', 'full');

      CREATE TABLE outbox_dlq (
        tenant_id uuid NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        original_id bigint NOT NULL,
        event_id uuid NOT NULL,
        aggregate_id uuid NOT NULL,
        aggregate_type text NOT NULL,
        event_type text NOT NULL,
        payload jsonb NOT NULL,
        attempts integer NOT NULL,
        last_error text,
        created_at timestamptz NOT NULL,
        moved_to_dlq_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, event_id)
      );
      SELECT protect_tenant_table('outbox_dlq', 'read', 'full');

      -- A subscriber's effects and its row here commit together: each event is handled once.
      CREATE TABLE event_inbox (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        subscriber text NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, event_id, subscriber)
      );
      SELECT protect_tenant_table('event_inbox', 'append', 'full');

      CREATE TABLE saga_instances (
        tenant_id uuid NOT NULL,
        saga text NOT NULL,
        key text NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        state jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, saga, key)
      );
      SELECT protect_tenant_table('saga_instances');

      CREATE TABLE saga_commands (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        saga text NOT NULL,
        key text NOT NULL,
        event_id uuid NOT NULL,
        type text NOT NULL,
        payload jsonb NOT NULL,
        correlation_id text,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX saga_commands_pending ON saga_commands (next_attempt_at)
        WHERE status = 'pending';
      CREATE INDEX saga_commands_instance ON saga_commands (tenant_id, saga, key);
      SELECT protect_tenant_table('saga_commands', 'append', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE saga_commands, saga_instances, event_inbox, outbox_dlq, outbox;
      DROP FUNCTION retry_delay(integer);
    `);
  }
}
