import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Evidence that is on its way to a bank, as long as nobody knows whether it arrived. */
export class EvidenceOperations1765000070000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE dispute_evidence_operations (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        dispute_id uuid NOT NULL,
        requested_by uuid NOT NULL,
        idempotency_key uuid NOT NULL,
        request jsonb NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL,
        not_before timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX dispute_evidence_operations_due
        ON dispute_evidence_operations (next_attempt_at);
      SELECT protect_tenant_table('dispute_evidence_operations', 'full', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE dispute_evidence_operations');
  }
}
