import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when the provider wants not to be asked again (`Retry-After`), whoever is in a hurry. */
export class NotBefore1765000060000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE payment_intents ADD COLUMN not_before timestamptz;
      ALTER TABLE payment_refunds ADD COLUMN not_before timestamptz;
      ALTER TABLE payment_operations ADD COLUMN not_before timestamptz;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE payment_operations DROP COLUMN not_before;
      ALTER TABLE payment_refunds DROP COLUMN not_before;
      ALTER TABLE payment_intents DROP COLUMN not_before;
    `);
  }
}
