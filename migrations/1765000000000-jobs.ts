import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that waits: mails, deliveries, reminders. */
export class Jobs1765000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE jobs (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        queue text NOT NULL CHECK (queue IN ('payment-processing', 'webhook-processing',
          'notifications', 'reconciliation', 'nft-minting')),
        kind text NOT NULL,
        payload jsonb NOT NULL,
        correlation_id text,
        traceparent text,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
      CREATE INDEX jobs_pending ON jobs (queue, next_attempt_at) WHERE status = 'pending';
      CREATE INDEX jobs_failed ON jobs (tenant_id, queue) WHERE status = 'failed';
      CREATE INDEX jobs_finished ON jobs USING brin (finished_at);
      SELECT protect_tenant_table('jobs', 'full', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE jobs');
  }
}
