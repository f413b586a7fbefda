import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a buyer's device told us at a purchase, for the fraud checks, kept for a limited time. */
export class FraudSignals1763000600000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE purchase_signals (
        tenant_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        user_id uuid NOT NULL,
        device_fingerprint text,
        ip_address inet,
        user_agent text,
        session_data jsonb CHECK (pg_column_size(session_data) <= 131072),
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
        PRIMARY KEY (tenant_id, payment_id)
      );
      CREATE INDEX purchase_signals_user ON purchase_signals (tenant_id, user_id, created_at);
      CREATE INDEX purchase_signals_device
        ON purchase_signals (tenant_id, device_fingerprint, created_at)
        WHERE device_fingerprint IS NOT NULL;
      CREATE INDEX purchase_signals_ip ON purchase_signals (tenant_id, ip_address, created_at)
        WHERE ip_address IS NOT NULL;
      CREATE INDEX purchase_signals_expiry ON purchase_signals USING brin (expires_at);
      SELECT protect_tenant_table('purchase_signals', 'append', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE purchase_signals');
  }
}
