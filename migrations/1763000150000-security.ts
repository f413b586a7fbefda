import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Personal data as ciphertext per subject, and the nonces of internal requests. */
export class Security1763000150000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE subject_vault (
        tenant_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        field text NOT NULL,
        key_id text NOT NULL,
        ciphertext bytea NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, subject_id, field)
      );
      SELECT protect_tenant_table('subject_vault', 'full', 'full');

      CREATE TABLE internal_nonces (
        tenant_id uuid NOT NULL,
        service text NOT NULL,
        nonce text NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, service, nonce)
      );
      CREATE INDEX internal_nonces_age ON internal_nonces (seen_at);
      SELECT protect_tenant_table('internal_nonces', 'append', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE internal_nonces, subject_vault');
  }
}
