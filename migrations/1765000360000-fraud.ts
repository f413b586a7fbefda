import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What fraud checks decide on, what they decided, and what became of it (Fraud Detection Tables). */
export class Fraud1765000360000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(SIGNALS);
    await db.query(CHECKS);
    await db.query(LISTS);
    await db.query(LABELS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE fraud_labels, fraud_rule_sets, fraud_lists, known_scalpers, bot_detections,
        device_activity, fraud_checks;
      REVOKE UPDATE (quantity) ON purchase_signals FROM tickettoken_app;
      DROP INDEX purchase_signals_network, purchase_signals_payment_method;
      CREATE INDEX purchase_signals_ip ON purchase_signals (tenant_id, ip_address, created_at)
        WHERE ip_address IS NOT NULL;
      ALTER TABLE purchase_signals DROP COLUMN network, DROP COLUMN payment_method,
        DROP COLUMN event_id, DROP COLUMN quantity, DROP COLUMN high_demand,
        DROP COLUMN latitude, DROP COLUMN longitude;
    `);
  }
}

const SIGNALS = `
  ALTER TABLE purchase_signals
    -- What counts as one address: an IPv4 address, or the /64 that an IPv6 subscriber has at will.
    ADD COLUMN network cidr,
    ADD COLUMN payment_method text,
    ADD COLUMN event_id uuid,
    -- Tickets that the purchase still holds.
    ADD COLUMN quantity integer NOT NULL DEFAULT 0 CHECK (quantity >= 0),
    ADD COLUMN high_demand boolean NOT NULL DEFAULT false,
    ADD COLUMN latitude double precision,
    ADD COLUMN longitude double precision;
  GRANT UPDATE (quantity) ON purchase_signals TO tickettoken_app;
  DROP INDEX purchase_signals_ip;
  CREATE INDEX purchase_signals_network ON purchase_signals (tenant_id, network, created_at)
    WHERE network IS NOT NULL;
  CREATE INDEX purchase_signals_payment_method
    ON purchase_signals (tenant_id, payment_method, created_at) INCLUDE (user_id)
    WHERE payment_method IS NOT NULL;
`;

const CHECKS = `
  CREATE TABLE fraud_checks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- Null: declined, so that there was no payment.
    payment_id uuid,
    venue_id uuid NOT NULL,
    event_id uuid NOT NULL,
    -- The order, or else the idempotency key: repeated tries of one purchase have one.
    attempt_id text NOT NULL CHECK (length(attempt_id) BETWEEN 1 AND 255),
    quantity integer NOT NULL CHECK (quantity > 0),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    currency char(3) NOT NULL,
    -- HMAC-SHA-256 of the device's fingerprint, here and below: enough to find a device again.
    device_hash text,
    score numeric(5,4) NOT NULL CHECK (score BETWEEN 0 AND 1),
    signals jsonb NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approve', 'review', 'challenge', 'decline')),
    rule_set_version text NOT NULL,
    features jsonb NOT NULL,
    verdict jsonb NOT NULL,
    timestamp timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((payment_id IS NULL) = (decision = 'decline'))
  );
  CREATE UNIQUE INDEX fraud_checks_payment ON fraud_checks (tenant_id, payment_id)
    WHERE payment_id IS NOT NULL;
  CREATE INDEX fraud_checks_decision ON fraud_checks (tenant_id, decision, id);
  CREATE INDEX fraud_checks_user ON fraud_checks (tenant_id, user_id, id);
  CREATE INDEX fraud_checks_event ON fraud_checks (tenant_id, event_id, id);
  CREATE INDEX fraud_checks_time ON fraud_checks (tenant_id, timestamp, id);
  CREATE INDEX fraud_checks_age ON fraud_checks USING brin (timestamp);
  SELECT protect_tenant_table('fraud_checks', 'append', 'full');

  CREATE TABLE device_activity (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    device_hash text,
    user_id uuid NOT NULL,
    activity_type text NOT NULL CHECK (activity_type IN ('purchase', 'resale')),
    metadata jsonb NOT NULL DEFAULT '{}',
    timestamp timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (device_hash IS NOT NULL OR activity_type = 'resale')
  );
  CREATE INDEX device_activity_device
    ON device_activity (tenant_id, device_hash, timestamp) INCLUDE (user_id)
    WHERE device_hash IS NOT NULL;
  CREATE INDEX device_activity_resale ON device_activity (tenant_id, user_id, timestamp)
    WHERE activity_type = 'resale';
  CREATE INDEX device_activity_age ON device_activity USING brin (timestamp);
  SELECT protect_tenant_table('device_activity', 'append', 'full');

  CREATE TABLE bot_detections (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid,
    -- The check that saw the session.
    session_id text NOT NULL,
    is_bot boolean NOT NULL,
    confidence numeric(5,4) NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    indicators text[] NOT NULL,
    user_agent text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
  );
  CREATE INDEX bot_detections_user ON bot_detections (tenant_id, user_id, created_at);
  CREATE INDEX bot_detections_age ON bot_detections USING brin (created_at);
  SELECT protect_tenant_table('bot_detections', 'append', 'full');
`;

const LISTS = `
  CREATE TABLE known_scalpers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid,
    device_fingerprint text,
    reason text NOT NULL,
    confidence_score numeric(3,2) NOT NULL CHECK (confidence_score BETWEEN 0 AND 1),
    active boolean NOT NULL DEFAULT true,
    added_by uuid NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK (num_nonnulls(user_id, device_fingerprint) > 0),
    CHECK (active = (removed_at IS NULL))
  );
  CREATE UNIQUE INDEX known_scalpers_user ON known_scalpers (tenant_id, user_id)
    WHERE active AND user_id IS NOT NULL;
  CREATE UNIQUE INDEX known_scalpers_device ON known_scalpers (tenant_id, device_fingerprint)
    WHERE active AND device_fingerprint IS NOT NULL;
  SELECT protect_tenant_table('known_scalpers', 'full', 'full');

  CREATE TABLE fraud_lists (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('block', 'allow')),
    subject_type text NOT NULL CHECK (subject_type IN ('user', 'device', 'ip', 'card', 'address')),
    -- HMAC-SHA-256 of tenant, type and value; what may be shown of the value is the hint.
    subject_hash text NOT NULL CHECK (subject_hash ~ '^[0-9a-f]{64}$'),
    hint text NOT NULL,
    reason text NOT NULL,
    until timestamptz,
    added_by uuid NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, subject_hash, kind)
  );
  CREATE INDEX fraud_lists_until ON fraud_lists USING brin (until);
  SELECT protect_tenant_table('fraud_lists', 'full', 'full');

  -- A version never changes: decisions are replayed with it.
  CREATE TABLE fraud_rule_sets (
    tenant_id uuid NOT NULL,
    version text NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    rules jsonb NOT NULL CHECK (rules->>'version' = version),
    active_from timestamptz NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, version)
  );
  CREATE INDEX fraud_rule_sets_active ON fraud_rule_sets (tenant_id, active_from, created_at);
  SELECT protect_tenant_table('fraud_rule_sets', 'append', 'read');
`;

const LABELS = `
  CREATE TABLE fraud_labels (
    tenant_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    label text NOT NULL CHECK (label IN ('dispute', 'refund', 'approved', 'rejected')),
    outcome text CHECK (outcome IN ('open', 'won', 'lost')),
    user_id uuid NOT NULL,
    device_hash text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, payment_id, label),
    CHECK ((label = 'dispute') = (outcome IS NOT NULL))
  );
  CREATE INDEX fraud_labels_user ON fraud_labels (tenant_id, user_id) WHERE label = 'dispute';
  CREATE INDEX fraud_labels_device ON fraud_labels (tenant_id, device_hash)
    WHERE label = 'dispute' AND device_hash IS NOT NULL;
  CREATE INDEX fraud_labels_age ON fraud_labels USING brin (updated_at);
  SELECT protect_tenant_table('fraud_labels', 'full', 'full');
`;
