import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a drawing finds on an account includes what its own transaction has posted before: a refund
 * that comes back and is lost to a bank at once falls on the money it has put back.
 */
export class DrawOwnEntries1765000080000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(
      drawUpTo(
        'greatest(pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id_if_assigned())',
      ),
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(drawUpTo('pg_snapshot_xmax(pg_current_snapshot())'));
  }
}

/** As the refunds' migration made it, with the last transaction whose entries count. */
const drawUpTo = (last: string): string => `
  CREATE OR REPLACE FUNCTION ledger_draw(
    tenant uuid, sources text[], rest_on text, money char(3), amount bigint
  ) RETURNS TABLE (account text, cents bigint, nth bigint) LANGUAGE sql STABLE AS $$
    WITH held AS (
      SELECT s.name, s.place, greatest(0, -(
        coalesce((SELECT sum(b.balance_cents) FROM ledger_balances b
          WHERE b.tenant_id = tenant AND b.account = s.name AND b.currency = money), 0)
        + coalesce((SELECT sum(e.amount_cents) FROM ledger_entries e
          WHERE e.tenant_id = tenant AND e.account = s.name AND e.currency = money
            AND e.tx_id BETWEEN (SELECT tx_id FROM ledger_watermark) AND ${last}
            AND e.epoch = (SELECT epoch FROM ledger_watermark)), 0)))::bigint AS credit
      FROM unnest(sources) WITH ORDINALITY AS s (name, place)
    ), running AS (
      SELECT name, place, credit, coalesce(sum(credit) OVER (
        ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS before
      FROM held
    ), taken AS (
      SELECT name, place, least(credit, greatest(0, amount - before)) AS cents FROM running
    )
    SELECT name, cents, place FROM taken WHERE cents > 0
    UNION ALL
    SELECT rest_on, rest, 1000 FROM (
      SELECT amount - coalesce((SELECT sum(t.cents) FROM taken t), 0)::bigint AS rest) r
    WHERE rest > 0 $$;
`;
