import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many tickets of an event each user, payment method and address has, decided in the purchase. */
export class PurchaseLimits1765000350000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- What one subject has of one event: a user's id, or a keyed hash of a card or an address.
      -- allowed is the limit that the latest reservation was held against. Every purchase pays for
      -- these tables, and each statement reads their constraints anew: one a table.
      CREATE TABLE purchase_limit_counters (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        kind text NOT NULL,
        subject uuid NOT NULL,
        reserved integer NOT NULL,
        confirmed integer NOT NULL DEFAULT 0,
        allowed integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, event_id, kind, subject),
        CHECK (reserved >= 0 AND confirmed >= 0 AND reserved + confirmed <= allowed)
      ) WITH (fillfactor = 70);
      SELECT protect_tenant_table('purchase_limit_counters', 'full', 'full');

      -- What a payment counts, and where: kinds, subjects and allowed belong together by place. Its
      -- tickets are 'reserved', then 'confirmed'; 'released' when none counts any more.
      CREATE TABLE purchase_limit_reservations (
        tenant_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        event_id uuid NOT NULL,
        quantity integer NOT NULL,
        counted integer NOT NULL,
        stage text NOT NULL,
        kinds text[] NOT NULL,
        subjects uuid[] NOT NULL,
        allowed integer[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, payment_id),
        CHECK (quantity > 0 AND counted BETWEEN 0 AND quantity)
      ) WITH (fillfactor = 80);
      CREATE INDEX purchase_limit_reservations_created
        ON purchase_limit_reservations USING brin (created_at);
      SELECT protect_tenant_table('purchase_limit_reservations', 'full', 'full');
    `);
    await db.query(COUNTING);
    await db.query(SETTLING);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION release_purchase_limits(uuid, uuid, integer);
      DROP FUNCTION confirm_purchase_limits(uuid, uuid);
      DROP FUNCTION regain_purchase_limits(uuid, uuid);
      DROP FUNCTION reserve_purchase_limits(uuid, uuid, uuid, integer, text[], uuid[], integer[]);
      DROP FUNCTION count_purchase_limits(uuid, uuid, integer, text[], uuid[], integer[]);
      DROP TABLE purchase_limit_reservations, purchase_limit_counters;
    `);
  }
}

/**
 * Every payment locks its counters in one order, that of its kinds and then of its subjects, in
 * which they come: two payments wait for each other's counters, but never in a circle.
 */
const COUNTING = `
  CREATE FUNCTION count_purchase_limits(
    tenant uuid, event uuid, wanted integer, rules text[], subject_ids uuid[], ceilings integer[]
  ) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE taken integer;
  BEGIN
    FOR i IN 1..cardinality(rules) LOOP
      -- The row stays locked where the condition fails, so that what is told below is still so.
      INSERT INTO purchase_limit_counters AS c
          (tenant_id, event_id, kind, subject, reserved, allowed)
        SELECT tenant, event, rules[i], subject_ids[i], wanted, ceilings[i]
          WHERE wanted <= ceilings[i]
        ON CONFLICT (tenant_id, event_id, kind, subject) DO UPDATE
          SET reserved = c.reserved + wanted, allowed = excluded.allowed, updated_at = now()
          WHERE c.reserved + c.confirmed + wanted <= excluded.allowed;
      CONTINUE WHEN FOUND;
      SELECT reserved + confirmed INTO taken FROM purchase_limit_counters
        WHERE tenant_id = tenant AND event_id = event AND kind = rules[i]
          AND subject = subject_ids[i];
      RAISE EXCEPTION 'purchase limit' USING ERRCODE = 'TT007', DETAIL = json_build_object(
        'limit', rules[i], 'allowed', ceilings[i],
        'remaining', greatest(ceilings[i] - coalesce(taken, 0), 0));
    END LOOP;
  END $$;

  CREATE FUNCTION reserve_purchase_limits(
    tenant uuid, event uuid, payment uuid, wanted integer,
    rules text[], subject_ids uuid[], ceilings integer[]
  ) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO purchase_limit_reservations (tenant_id, payment_id, event_id, quantity, counted,
        stage, kinds, subjects, allowed)
      VALUES (tenant, payment, event, wanted, wanted, 'reserved', rules, subject_ids, ceilings)
      ON CONFLICT (tenant_id, payment_id) DO NOTHING;
    IF FOUND THEN
      PERFORM count_purchase_limits(tenant, event, wanted, rules, subject_ids, ceilings);
    END IF;
  END $$;

  -- For a payment that had ended and was paid after all.
  CREATE FUNCTION regain_purchase_limits(tenant uuid, payment uuid)
    RETURNS void LANGUAGE plpgsql AS $$
  DECLARE again purchase_limit_reservations;
  BEGIN
    UPDATE purchase_limit_reservations
      SET stage = 'reserved', counted = quantity, updated_at = now()
      WHERE tenant_id = tenant AND payment_id = payment AND stage = 'released'
      RETURNING * INTO again;
    IF FOUND THEN
      PERFORM count_purchase_limits(
        tenant, again.event_id, again.quantity, again.kinds, again.subjects, again.allowed);
    END IF;
  END $$;
`;

const SETTLING = `
  CREATE FUNCTION confirm_purchase_limits(tenant uuid, payment uuid)
    RETURNS void LANGUAGE plpgsql AS $$
  DECLARE paid purchase_limit_reservations;
  BEGIN
    UPDATE purchase_limit_reservations SET stage = 'confirmed', updated_at = now()
      WHERE tenant_id = tenant AND payment_id = payment AND stage = 'reserved'
      RETURNING * INTO paid;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    FOR i IN 1..cardinality(paid.kinds) LOOP
      UPDATE purchase_limit_counters
        SET reserved = reserved - paid.counted, confirmed = confirmed + paid.counted,
          updated_at = now()
        WHERE tenant_id = tenant AND event_id = paid.event_id AND kind = paid.kinds[i]
          AND subject = paid.subjects[i];
    END LOOP;
  END $$;

  CREATE FUNCTION release_purchase_limits(tenant uuid, payment uuid, amount integer)
    RETURNS void LANGUAGE plpgsql AS $$
  DECLARE held purchase_limit_reservations; gone integer;
  BEGIN
    SELECT * INTO held FROM purchase_limit_reservations
      WHERE tenant_id = tenant AND payment_id = payment AND stage <> 'released' FOR UPDATE;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    gone := least(coalesce(amount, held.counted), held.counted);
    UPDATE purchase_limit_reservations
      SET counted = counted - gone, updated_at = now(),
        stage = CASE counted WHEN gone THEN 'released' ELSE stage END
      WHERE tenant_id = tenant AND payment_id = payment;
    FOR i IN 1..cardinality(held.kinds) LOOP
      UPDATE purchase_limit_counters
        SET reserved = reserved - CASE held.stage WHEN 'reserved' THEN gone ELSE 0 END,
          confirmed = confirmed - CASE held.stage WHEN 'confirmed' THEN gone ELSE 0 END,
          updated_at = now()
        WHERE tenant_id = tenant AND event_id = held.event_id AND kind = held.kinds[i]
          AND subject = held.subjects[i];
    END LOOP;
  END $$;
`;
