import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who did what to which object, from what to what. */
export class AuditLog1764000100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- before and after hold ids and facts, never a name or an address.
      CREATE TABLE audit_log (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        actor_type text NOT NULL CHECK (actor_type IN ('user', 'service', 'system')),
        actor_id text NOT NULL,
        action text NOT NULL,
        object_type text NOT NULL,
        object_id text NOT NULL,
        before jsonb,
        after jsonb,
        correlation_id text,
        request_id text,
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX audit_log_object ON audit_log (tenant_id, object_type, object_id, id);
      CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor_id, id);
      CREATE INDEX audit_log_at ON audit_log (tenant_id, at);
      CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      SELECT protect_tenant_table('audit_log', 'append', 'append');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE audit_log');
  }
}
