import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Event streams, the declared state machine and idempotency keys. */
export class EventStore1763000100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE payment_event_sequence (
        tenant_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        sequence_number bigint NOT NULL CHECK (sequence_number > 0),
        stream_type text NOT NULL,
        id uuid NOT NULL,
        order_id text,
        event_type text NOT NULL,
        event_version smallint NOT NULL,
        event_timestamp timestamptz NOT NULL,
        stripe_event_id text,
        idempotency_key text,
        correlation_id text,
        payload jsonb NOT NULL,
        processed_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, payment_id, sequence_number)
      );
      CREATE UNIQUE INDEX payment_event_sequence_once
        ON payment_event_sequence (tenant_id, payment_id, event_type, idempotency_key)
        WHERE idempotency_key IS NOT NULL;
      CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_event_sequence
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      SELECT protect_tenant_table('payment_event_sequence', 'append');

      CREATE TABLE payment_state_machine (
        from_state text NOT NULL,
        to_state text NOT NULL,
        event_type text NOT NULL,
        is_valid boolean NOT NULL DEFAULT true,
        PRIMARY KEY (from_state, to_state, event_type)
      );
      GRANT SELECT ON payment_state_machine TO tickettoken_app, tickettoken_worker;

      CREATE TABLE payment_idempotency (
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        operation text NOT NULL,
        idempotency_key uuid NOT NULL,
        request_hash text NOT NULL,
        resource_id uuid NOT NULL,
        lease_until timestamptz,
        status_code integer,
        response text,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, user_id, operation, idempotency_key),
        CHECK ((status_code IS NULL) = (response IS NULL))
      );
      CREATE INDEX payment_idempotency_expiry ON payment_idempotency (expires_at);
      SELECT protect_tenant_table('payment_idempotency', 'full', 'full');

      CREATE FUNCTION require_key(claimed boolean) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT claimed THEN
          RAISE EXCEPTION 'the idempotency key is taken' USING ERRCODE = 'TT001';
        END IF;
      END $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION require_key(boolean);
      DROP TABLE payment_idempotency;
      DROP TABLE payment_state_machine;
      DROP TABLE payment_event_sequence;
    `);
  }
}
