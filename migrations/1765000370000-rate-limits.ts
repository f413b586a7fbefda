import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many requests a minute a tenant's users may make, where that differs from what all may. */
export class RateLimits1765000370000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE rate_limits (
        tenant_id uuid NOT NULL,
        -- address, user, or the name of an endpoint's limit
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
        per_minute integer NOT NULL CHECK (per_minute BETWEEN 1 AND 1000000),
        changed_by uuid NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, name)
      );
      SELECT protect_tenant_table('rate_limits', 'full', 'read');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE rate_limits');
  }
}
