import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that only a human can finish. */
export class OpenItems1764000200000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE open_items (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        kind text NOT NULL,
        subject_type text NOT NULL,
        subject_id text NOT NULL,
        cause text NOT NULL,
        cents_at_risk bigint CHECK (cents_at_risk >= 0),
        currency char(3),
        details jsonb NOT NULL DEFAULT '{}',
        status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved')),
        opened_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        times_seen integer NOT NULL DEFAULT 1,
        resolved_at timestamptz,
        resolved_by text,
        resolution text,
        PRIMARY KEY (tenant_id, id),
        CHECK ((cents_at_risk IS NULL) = (currency IS NULL)),
        CHECK (num_nonnulls(resolved_at, resolved_by, resolution)
          = CASE status WHEN 'resolved' THEN 3 ELSE 0 END)
      );
      CREATE UNIQUE INDEX open_items_once ON open_items (tenant_id, kind, subject_id)
        WHERE status = 'open';
      CREATE INDEX open_items_subject ON open_items (tenant_id, subject_id);
      SELECT protect_tenant_table('open_items', 'full', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE open_items');
  }
}
