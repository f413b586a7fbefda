import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts at providers beside the configured one: whose events a secret proves. */
export class ProviderAccounts1765000300000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE provider_accounts (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        provider text NOT NULL CHECK (provider IN ('stripe')),
        -- The provider's own name of it.
        account text NOT NULL CHECK (length(account) BETWEEN 1 AND 64),
        livemode boolean NOT NULL,
        -- What its webhooks are signed with; the one of before a rotation proves until its time.
        secret_key_id text NOT NULL,
        secret_ciphertext bytea NOT NULL,
        previous_key_id text,
        previous_ciphertext bytea,
        previous_until timestamptz,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, provider, account, livemode),
        CHECK (num_nulls(previous_key_id, previous_ciphertext, previous_until) IN (0, 3))
      );
      SELECT protect_tenant_table('provider_accounts', 'full', 'read');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE provider_accounts');
  }
}
