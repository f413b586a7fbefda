import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that goes back: refunds, captures and voids as operations at the provider, disputes. */
export class RefundsAndDisputes1764000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      INSERT INTO payment_state_machine (from_state, to_state, event_type)
        VALUES ('REFUNDED', 'REFUNDING', 'refund.initiated');

      -- What was given back, is on its way or is claimed can never pass what was captured.
      ALTER TABLE payment_transactions
        ADD COLUMN refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
        ADD COLUMN refund_pending_cents bigint NOT NULL DEFAULT 0 CHECK (refund_pending_cents >= 0),
        ADD COLUMN disputed_cents bigint NOT NULL DEFAULT 0 CHECK (disputed_cents >= 0),
        ADD COLUMN lost_cents bigint NOT NULL DEFAULT 0 CHECK (lost_cents >= 0),
        ADD CONSTRAINT given_back_within_captured CHECK (
          refunded_cents + refund_pending_cents + disputed_cents + lost_cents <= captured_cents);

      CREATE TABLE payment_refunds (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        transaction_id uuid NOT NULL,
        amount bigint NOT NULL CHECK (amount >= 0),
        currency char(3) NOT NULL,
        reason text CHECK (length(reason) <= 500),
        origin text NOT NULL CHECK (origin IN ('request', 'cancellation', 'late', 'provider')),
        status text NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
        provider text NOT NULL,
        stripe_refund_id text,
        failure_reason text,
        requested_by uuid,
        idempotency_key uuid,
        metadata jsonb NOT NULL DEFAULT '{}',
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        created_at timestamptz NOT NULL,
        completed_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX payment_refunds_transaction ON payment_refunds (tenant_id, transaction_id);
      CREATE UNIQUE INDEX payment_refunds_reference
        ON payment_refunds (tenant_id, provider, stripe_refund_id)
        WHERE stripe_refund_id IS NOT NULL;
      CREATE INDEX payment_refunds_due ON payment_refunds (next_attempt_at)
        WHERE next_attempt_at IS NOT NULL;
      SELECT protect_tenant_table('payment_refunds', 'full', 'full');

      -- A capture or a void that somebody asked for: one at a time for each payment.
      CREATE TABLE payment_operations (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        payment_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('capture', 'cancel')),
        amount_cents bigint CHECK (amount_cents > 0),
        status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'failed')),
        requested_by uuid NOT NULL,
        idempotency_key uuid NOT NULL,
        request jsonb NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 80);
      CREATE UNIQUE INDEX payment_operations_open ON payment_operations (tenant_id, payment_id)
        WHERE status = 'open';
      CREATE INDEX payment_operations_due ON payment_operations (next_attempt_at)
        WHERE next_attempt_at IS NOT NULL;
      SELECT protect_tenant_table('payment_operations', 'full', 'full');

      -- A projection of the dispute's own stream; evidence is text the venue wrote, no buyer's data.
      CREATE TABLE payment_disputes (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        payment_id uuid NOT NULL,
        venue_id uuid NOT NULL,
        version bigint NOT NULL,
        provider text NOT NULL,
        reference text NOT NULL,
        amount_cents bigint NOT NULL CHECK (amount_cents > 0),
        fee_cents bigint NOT NULL,
        currency char(3) NOT NULL,
        reason text NOT NULL,
        status text NOT NULL,
        evidence_due_by timestamptz,
        submitted_at timestamptz,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 80);
      CREATE UNIQUE INDEX payment_disputes_reference
        ON payment_disputes (tenant_id, provider, reference);
      CREATE INDEX payment_disputes_payment ON payment_disputes (tenant_id, payment_id);
      CREATE INDEX payment_disputes_venue ON payment_disputes (tenant_id, venue_id, id);
      SELECT protect_tenant_table('payment_disputes');

      ALTER TABLE tickets
        DROP CONSTRAINT tickets_status_check,
        ADD CONSTRAINT tickets_status_check
          CHECK (status IN ('held', 'sold', 'refunding', 'refunded', 'released')),
        -- A refunded ticket whose place is on sale again.
        ADD COLUMN place_freed boolean NOT NULL DEFAULT false;
    `);
    await db.query(DRAW);
    await db.query(resizePool('NOT place_freed AND'));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(resizePool(''));
    await db.query(`
      DELETE FROM payment_state_machine
        WHERE from_state = 'REFUNDED' AND event_type = 'refund.initiated';
      DROP FUNCTION ledger_draw(uuid, text[], text, char, bigint);
      UPDATE tickets SET status = CASE WHEN place_freed THEN 'released' ELSE 'sold' END
        WHERE status IN ('refunding', 'refunded');
      ALTER TABLE tickets
        DROP COLUMN place_freed,
        DROP CONSTRAINT tickets_status_check,
        ADD CONSTRAINT tickets_status_check CHECK (status IN ('held', 'sold', 'released'));
      DROP TABLE payment_disputes, payment_operations, payment_refunds;
      ALTER TABLE payment_transactions
        DROP CONSTRAINT given_back_within_captured,
        DROP COLUMN refunded_cents, DROP COLUMN refund_pending_cents,
        DROP COLUMN disputed_cents, DROP COLUMN lost_cents;
    `);
  }
}

/** Takes an amount from accounts in turn, as far as the credit of each reaches; the last gets the rest. */
const DRAW = `
  CREATE FUNCTION ledger_draw(
    tenant uuid, sources text[], rest_on text, money char(3), amount bigint
  ) RETURNS TABLE (account text, cents bigint, nth bigint) LANGUAGE sql STABLE AS $$
    WITH held AS (
      SELECT s.name, s.place, greatest(0, -(
        coalesce((SELECT sum(b.balance_cents) FROM ledger_balances b
          WHERE b.tenant_id = tenant AND b.account = s.name AND b.currency = money), 0)
        + coalesce((SELECT sum(e.amount_cents) FROM ledger_entries e
          WHERE e.tenant_id = tenant AND e.account = s.name AND e.currency = money
            AND e.tx_id BETWEEN (SELECT tx_id FROM ledger_watermark)
              AND pg_snapshot_xmax(pg_current_snapshot())
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

/** As the tickets' migration made it, with what counts as taken. */
const resizePool = (condition: string): string => `
  CREATE OR REPLACE FUNCTION resize_pool(tenant uuid, event uuid, pool uuid, size integer)
    RETURNS void LANGUAGE plpgsql AS $$
  DECLARE shards integer := least(32, greatest(1, size / 10)); missing integer;
    before bigint;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(tenant::text || event || pool, 0));
    IF EXISTS (SELECT FROM capacity_pools
      WHERE tenant_id = tenant AND event_id = event AND pool_id = pool AND capacity = size) THEN
      RETURN;
    END IF;
    INSERT INTO capacity_pools VALUES (tenant, event, pool, size)
      ON CONFLICT (tenant_id, event_id, pool_id) DO UPDATE SET capacity = size;
    -- A pool that begins late (an event cut below its ticket types) counts what is taken already.
    SELECT count(*) INTO before FROM tickets
      WHERE tenant_id = tenant AND event_id = event AND ${condition} status <> 'released'
        AND pool IN (ticket_type_id, event_id);
    INSERT INTO capacity_shards (tenant_id, event_id, pool_id, shard, capacity, taken)
      SELECT tenant, event, pool, s, CASE s WHEN 0 THEN before ELSE 0 END,
        CASE s WHEN 0 THEN before ELSE 0 END
      FROM generate_series(0, shards - 1) s
      WHERE NOT EXISTS (SELECT FROM capacity_shards
        WHERE tenant_id = tenant AND event_id = event AND pool_id = pool AND shard = s);
    PERFORM FROM capacity_shards
      WHERE tenant_id = tenant AND event_id = event AND pool_id = pool ORDER BY shard FOR UPDATE;
    SELECT size - sum(taken) INTO missing FROM capacity_shards
      WHERE tenant_id = tenant AND event_id = event AND pool_id = pool;
    -- A pool cut below what is taken keeps what is taken and has nothing free.
    missing := greatest(missing, 0);
    UPDATE capacity_shards c SET capacity = c.taken + missing / n.shards
        + CASE WHEN r.place <= missing % n.shards THEN 1 ELSE 0 END
      FROM (SELECT shard, row_number() OVER (ORDER BY shard) AS place FROM capacity_shards
          WHERE tenant_id = tenant AND event_id = event AND pool_id = pool) r,
        (SELECT count(*)::integer AS shards FROM capacity_shards
          WHERE tenant_id = tenant AND event_id = event AND pool_id = pool) n
      WHERE c.tenant_id = tenant AND c.event_id = event AND c.pool_id = pool AND c.shard = r.shard;
  END $$;
`;
