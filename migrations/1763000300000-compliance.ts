import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Taxes collected with payments, and the special taxes a tenant has set up. */
export class Compliance1763000300000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE tax_collections (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        transaction_id uuid NOT NULL,
        state_tax bigint NOT NULL,
        local_tax bigint NOT NULL,
        special_tax bigint NOT NULL,
        total_tax bigint NOT NULL,
        currency char(3) NOT NULL,
        jurisdiction varchar(120) NOT NULL,
        breakdown jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        CHECK (total_tax = state_tax + local_tax + special_tax)
      );
      CREATE INDEX tax_collections_transaction ON tax_collections (tenant_id, transaction_id);
      CREATE INDEX tax_collections_jurisdiction
        ON tax_collections (tenant_id, jurisdiction, created_at);
      CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_collections
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      SELECT protect_tenant_table('tax_collections', 'append');

      -- In force from effective_from up to, not including, effective_to.
      CREATE TABLE tax_special_rules (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        scope text NOT NULL CHECK (scope IN ('jurisdiction', 'venue')),
        scope_ref varchar(120) NOT NULL,
        name varchar(120) NOT NULL,
        rate_ppm integer CHECK (rate_ppm BETWEEN 0 AND 1000000),
        per_ticket_cents bigint CHECK (per_ticket_cents BETWEEN 0 AND 1000000),
        base text NOT NULL CHECK (base IN ('tickets', 'tickets_and_fees')),
        effective_from date NOT NULL,
        effective_to date,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        CHECK (num_nonnulls(rate_ppm, per_ticket_cents) = 1),
        CHECK (effective_to > effective_from)
      );
      CREATE INDEX tax_special_rules_scope
        ON tax_special_rules (tenant_id, scope, scope_ref, effective_from);
      SELECT protect_tenant_table('tax_special_rules');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE tax_special_rules;
      DROP TABLE tax_collections;
    `);
  }
}
