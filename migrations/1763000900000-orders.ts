import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which payment pays for which order: bound once. */
export class Orders1763000900000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE payment_orders (
        tenant_id uuid NOT NULL,
        order_id text NOT NULL CHECK (length(order_id) <= 64),
        payment_id uuid NOT NULL,
        bound_by text NOT NULL,
        bound_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, order_id),
        CONSTRAINT payment_orders_payment UNIQUE (tenant_id, payment_id)
      );
      SELECT protect_tenant_table('payment_orders', 'append');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE payment_orders');
  }
}
