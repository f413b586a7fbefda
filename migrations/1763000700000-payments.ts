import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments as they are read, provider operations, and the guard of the declared state machine. */
export class Payments1763000700000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A projection of payment_event_sequence. Amounts in minor units; amount is the ticket
      -- subtotal, amount_charged_cents what the buyer pays.
      CREATE TABLE payment_transactions (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        version bigint NOT NULL,
        status text NOT NULL,
        last_event_type text NOT NULL,
        venue_id uuid NOT NULL,
        user_id uuid NOT NULL,
        event_id uuid NOT NULL,
        order_id text CHECK (length(order_id) <= 64),
        operation text NOT NULL,
        method text NOT NULL,
        currency char(3) NOT NULL,
        subtotal_cents bigint NOT NULL CHECK (subtotal_cents >= 0),
        amount bigint NOT NULL GENERATED ALWAYS AS (subtotal_cents) STORED,
        amount_charged_cents bigint NOT NULL CHECK (amount_charged_cents >= 0),
        captured_cents bigint NOT NULL DEFAULT 0
          CHECK (captured_cents BETWEEN 0 AND amount_charged_cents),
        platform_fee bigint NOT NULL,
        gas_fee_paid bigint NOT NULL,
        tax_amount bigint NOT NULL,
        venue_payout bigint NOT NULL,
        stripe_payment_intent_id text,
        device_fingerprint text,
        payment_method_fingerprint text,
        idempotency_key uuid NOT NULL,
        metadata jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX payment_transactions_user ON payment_transactions (tenant_id, user_id, id);
      CREATE INDEX payment_transactions_venue ON payment_transactions (tenant_id, venue_id, id);
      CREATE INDEX payment_transactions_event ON payment_transactions (tenant_id, event_id, id);
      CREATE INDEX payment_transactions_status ON payment_transactions (tenant_id, status)
        WHERE status NOT IN ('PAID', 'REFUNDED', 'PAYMENT_FAILED', 'CANCELLED', 'EXPIRED');
      CREATE INDEX payment_transactions_device
        ON payment_transactions (tenant_id, device_fingerprint, created_at)
        WHERE device_fingerprint IS NOT NULL;
      CREATE INDEX payment_transactions_created ON payment_transactions (tenant_id, created_at);
      CREATE UNIQUE INDEX payment_transactions_order ON payment_transactions (tenant_id, order_id)
        WHERE order_id IS NOT NULL AND status NOT IN ('PAYMENT_FAILED', 'CANCELLED', 'EXPIRED');
      SELECT protect_tenant_table('payment_transactions');

      -- One operation at a provider, with the janitor's own schedule for it.
      CREATE TABLE payment_intents (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        payment_id uuid NOT NULL,
        order_id text,
        provider text NOT NULL,
        stripe_intent_id text,
        amount bigint NOT NULL,
        currency char(3) NOT NULL,
        status text NOT NULL,
        platform_fee bigint NOT NULL,
        venue_id uuid NOT NULL,
        metadata jsonb NOT NULL DEFAULT '{}',
        last_sequence_number bigint NOT NULL,
        last_event_timestamp timestamptz NOT NULL,
        version integer NOT NULL DEFAULT 1,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 80);
      CREATE UNIQUE INDEX payment_intents_payment ON payment_intents (tenant_id, payment_id);
      CREATE UNIQUE INDEX payment_intents_reference
        ON payment_intents (tenant_id, provider, stripe_intent_id)
        WHERE stripe_intent_id IS NOT NULL;
      -- For webhooks: their account tells no tenant yet.
      CREATE INDEX payment_intents_webhook ON payment_intents (stripe_intent_id)
        WHERE stripe_intent_id IS NOT NULL;
      CREATE INDEX payment_intents_due ON payment_intents (next_attempt_at)
        WHERE next_attempt_at IS NOT NULL;
      SELECT protect_tenant_table('payment_intents', 'full', 'full');
    `);
    await db.query(STATE_MACHINE);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE payment_intents, payment_transactions;
      DROP FUNCTION validate_payment_state_transition();
      DELETE FROM payment_state_machine;
    `);
  }
}

const STATE_MACHINE = `
  INSERT INTO payment_state_machine (from_state, to_state, event_type)
  SELECT f, t, e FROM (VALUES
    ('{NONE}', '{PENDING}', '{payment.initiated}'),
    ('{PENDING}', '{PROCESSING}', '{payment.processing}'),
    ('{PENDING}', '{PAID}', '{payment.succeeded}'),
    ('{PENDING}', '{CANCELLED}', '{payment.cancelled}'),
    ('{PENDING}', '{EXPIRED}', '{payment.expired}'),
    ('{PROCESSING}', '{UNKNOWN}', '{payment.outcome_unknown}'),
    ('{PROCESSING,UNKNOWN}', '{REQUIRES_ACTION}', '{payment.requires_action}'),
    ('{REQUIRES_ACTION}', '{PROCESSING}', '{payment.processing}'),
    ('{PROCESSING,UNKNOWN,REQUIRES_ACTION}', '{PAID}', '{payment.succeeded}'),
    ('{PROCESSING,UNKNOWN,REQUIRES_ACTION}', '{AUTHORIZED}', '{payment.authorized}'),
    ('{PROCESSING,UNKNOWN,REQUIRES_ACTION}', '{PAYMENT_FAILED}', '{payment.failed}'),
    ('{PROCESSING,UNKNOWN,REQUIRES_ACTION}', '{CANCELLED}', '{payment.cancelled}'),
    ('{PROCESSING,UNKNOWN,REQUIRES_ACTION}', '{EXPIRED}', '{payment.expired}'),
    ('{AUTHORIZED}', '{IN_REVIEW}', '{payment.review_required}'),
    ('{AUTHORIZED,IN_REVIEW}', '{PAID}', '{payment.captured}'),
    ('{AUTHORIZED,IN_REVIEW}', '{CANCELLED}', '{payment.voided}'),
    ('{AUTHORIZED,IN_REVIEW}', '{EXPIRED}', '{payment.expired}'),
    ('{PAYMENT_FAILED,CANCELLED,EXPIRED}', '{PAID}', '{payment.succeeded_late}'),
    ('{PAYMENT_FAILED,CANCELLED,EXPIRED}', '{REFUNDING}', '{payment.late_refund_required}'),
    ('{PAID,PARTIALLY_REFUNDED,REFUNDING}', '{REFUNDING}', '{refund.initiated}'),
    ('{REFUNDING}', '{REFUNDING,REFUNDED,PARTIALLY_REFUNDED,PAID}',
      '{refund.completed,refund.failed}'),
    ('{DISPUTED}', '{DISPUTED}', '{refund.completed,refund.failed}'),
    ('{PARTIALLY_REFUNDED,REFUNDED,REFUNDING,DISPUTED}',
      '{DISPUTED,REFUNDING,REFUNDED,PARTIALLY_REFUNDED,PAID}', '{refund.reversed}'),
    ('{PAID,REFUNDING,PARTIALLY_REFUNDED,REFUNDED}', '{DISPUTED}', '{dispute.opened}'),
    ('{DISPUTED}', '{DISPUTED,REFUNDING,REFUNDED,PARTIALLY_REFUNDED,PAID}',
      '{dispute.won,dispute.lost}')
  ) AS declared (froms, tos, events),
    unnest(froms::text[]) f, unnest(tos::text[]) t, unnest(events::text[]) e;

  CREATE FUNCTION validate_payment_state_transition() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (SELECT FROM payment_state_machine
      WHERE from_state = OLD.status AND to_state = NEW.status
        AND event_type = NEW.last_event_type AND is_valid) THEN
      RAISE EXCEPTION 'payment %: % does not lead from % to %',
        NEW.id, NEW.last_event_type, OLD.status, NEW.status USING ERRCODE = 'TT006';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER declared_transition BEFORE UPDATE OF status ON payment_transactions
    FOR EACH ROW EXECUTE FUNCTION validate_payment_state_transition();
`;
