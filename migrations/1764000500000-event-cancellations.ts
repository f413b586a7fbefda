import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A cancelled event: one job that gives every buyer the money back, a row for each payment. */
export class EventCancellations1764000500000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE event_cancellations (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        venue_id uuid NOT NULL,
        reason text CHECK (length(reason) <= 500),
        refund_fees boolean NOT NULL,
        requested_by uuid NOT NULL,
        status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'completed')),
        next_pass_at timestamptz DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz,
        PRIMARY KEY (tenant_id, event_id),
        CHECK ((status = 'completed') = (completed_at IS NOT NULL))
      );
      CREATE INDEX event_cancellations_due ON event_cancellations (next_pass_at)
        WHERE next_pass_at IS NOT NULL;
      SELECT protect_tenant_table('event_cancellations', 'full', 'full');

      CREATE TABLE event_cancellation_payments (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'queued'
          CHECK (status IN ('queued', 'waiting_for_funds', 'refunded', 'nothing_due', 'failed')),
        amount_cents bigint NOT NULL DEFAULT 0,
        -- Tells the keys of two refunds of one payment apart: one that failed is asked for anew.
        round integer NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz DEFAULT now(),
        outcome text,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, event_id, payment_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX event_cancellation_payments_due ON event_cancellation_payments (next_attempt_at)
        WHERE next_attempt_at IS NOT NULL;
      SELECT protect_tenant_table('event_cancellation_payments', 'full', 'full');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE event_cancellation_payments, event_cancellations');
  }
}
