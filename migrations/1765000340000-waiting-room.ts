import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who waits for an event, in which order, who may buy now, and what a purchase did with that right. */
export class WaitingRoom1765000340000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE waiting_rooms (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'scheduled'
          CHECK (status IN ('scheduled', 'drawing', 'open', 'closed')),
        opens_at timestamptz NOT NULL,
        opened_at timestamptz,
        capacity integer NOT NULL CHECK (capacity > 0),
        rate_per_minute integer NOT NULL CHECK (rate_per_minute > 0),
        -- Admissions at the rate are used up to this instant.
        rate_spent_until timestamptz NOT NULL DEFAULT now(),
        seed_commitment bytea NOT NULL,
        seed_key_id text NOT NULL,
        seed_ciphertext bytea NOT NULL,
        seed bytea,
        draw_size integer,
        draw_root bytea,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, event_id)
      ) WITH (fillfactor = 50);
      SELECT protect_tenant_table('waiting_rooms');

      -- Late ones come after all that were drawn: a draw counts from 1.
      CREATE SEQUENCE waiting_room_ordinals START ${2 ** 40};
      GRANT USAGE ON SEQUENCE waiting_room_ordinals TO tickettoken_app;

      CREATE TABLE waiting_room_places (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        user_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'waiting' CHECK
          (status IN ('waiting', 'admitted', 'purchased', 'abandoned', 'left', 'revoked')),
        -- Takes part in the draw.
        is_early boolean NOT NULL,
        -- Null: still to be drawn.
        ordinal bigint,
        joined_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz NOT NULL,
        admitted_at timestamptz,
        ended_at timestamptz,
        PRIMARY KEY (tenant_id, queue_id)
      ) WITH (fillfactor = 80);
      -- Each begins otherwise than the others: an on-sale fills the table before there are any
      -- statistics, and indexes with one beginning are the same to the planner then.
      CREATE UNIQUE INDEX waiting_room_places_user
        ON waiting_room_places (tenant_id, user_id, event_id)
        WHERE status IN ('waiting', 'admitted');
      CREATE INDEX waiting_room_places_over
        ON waiting_room_places (tenant_id, event_id, user_id, status)
        WHERE status NOT IN ('waiting', 'admitted');
      CREATE INDEX waiting_room_places_line ON waiting_room_places (tenant_id, event_id, ordinal)
        WHERE status = 'waiting';
      CREATE INDEX waiting_room_places_draw ON waiting_room_places (tenant_id, event_id, ordinal)
        WHERE is_early;
      -- Statistics know neither a tenant nor an event of today: to a planner who trusts them, whoever
      -- is not in them has no rows, and to read all of a tenant costs no more than to read one.
      ALTER TABLE waiting_room_places
        ALTER COLUMN tenant_id SET STATISTICS 0, ALTER COLUMN event_id SET STATISTICS 0;
      SELECT protect_tenant_table('waiting_room_places', 'full', 'full');

      -- Merkle roots of the drawn order, 1,024 places each.
      CREATE TABLE waiting_room_draws (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        run integer NOT NULL,
        root bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, event_id, run)
      );
      SELECT protect_tenant_table('waiting_room_draws', 'full', 'full');

      -- One access token, by its jti.
      CREATE TABLE waiting_room_access (
        tenant_id uuid NOT NULL,
        jti uuid NOT NULL,
        event_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        user_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'issued' CHECK
          (status IN ('issued', 'reserved', 'consumed', 'lapsed', 'returned', 'revoked')),
        issued_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        lease_until timestamptz NOT NULL,
        -- The last payment that reserved it.
        payment_id uuid,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, jti)
      ) WITH (fillfactor = 80);
      CREATE INDEX waiting_room_access_holders
        ON waiting_room_access (tenant_id, event_id, user_id)
        WHERE status IN ('issued', 'reserved');
      CREATE UNIQUE INDEX waiting_room_access_payment
        ON waiting_room_access (tenant_id, payment_id) WHERE payment_id IS NOT NULL;
      CREATE INDEX waiting_room_access_pace ON waiting_room_access (tenant_id, event_id, issued_at);
      SELECT protect_tenant_table('waiting_room_access', 'full', 'full');

      CREATE TABLE waiting_room_activity (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        event_id uuid NOT NULL,
        user_id uuid NOT NULL,
        action text NOT NULL,
        metadata jsonb NOT NULL DEFAULT '{}',
        timestamp timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      );
      SELECT protect_tenant_table('waiting_room_activity', 'append', 'full');
    `);
    await db.query(FUNCTIONS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION reserve_waiting_room_access(uuid, uuid, uuid);
      DROP FUNCTION admit_from_waiting_room(uuid, uuid, uuid[], interval, interval);
      DROP FUNCTION lapse_waiting_room_access(uuid, uuid);
      DROP TABLE waiting_room_activity, waiting_room_access, waiting_room_draws,
        waiting_room_places, waiting_rooms;
      DROP SEQUENCE waiting_room_ordinals;
    `);
  }
}

const FUNCTIONS = `
  -- Takes back what nobody holds any more. A row that a payment is just reserving is left alone.
  CREATE FUNCTION lapse_waiting_room_access(tenant uuid, event uuid) RETURNS void
    LANGUAGE sql AS $$
    WITH silent AS (
      SELECT jti FROM waiting_room_access
        WHERE tenant_id = tenant AND event_id = event AND status = 'issued'
          AND least(lease_until, expires_at) <= now()
        FOR UPDATE SKIP LOCKED
    ), lapsed AS (
      UPDATE waiting_room_access a SET status = 'lapsed', updated_at = now() FROM silent
        WHERE a.tenant_id = tenant AND a.jti = silent.jti
        RETURNING a.queue_id, a.user_id
    ), over AS (
      UPDATE waiting_room_places p SET status = 'abandoned', ended_at = now() FROM lapsed
        WHERE p.tenant_id = tenant AND p.event_id = event AND p.queue_id = lapsed.queue_id
          AND p.status = 'admitted'
    )
    INSERT INTO waiting_room_activity (tenant_id, id, event_id, user_id, action, metadata)
      SELECT tenant, md5(queue_id || 'abandoned')::uuid, event, user_id, 'abandoned',
        jsonb_build_object('queueId', queue_id, 'as', 'admitted')
      FROM lapsed ON CONFLICT DO NOTHING
  $$;

  -- Lets in whoever is next, as many as the rate and the free slots allow, one token each. The room's
  -- row is the lock: of several processes one counts and admits, the others pass by. In a closed room
  -- nobody is let in, but what is abandoned there is taken back all the same.
  CREATE FUNCTION admit_from_waiting_room(
    tenant uuid, event uuid, tokens uuid[], lease interval, life interval
  ) RETURNS SETOF waiting_room_access LANGUAGE plpgsql AS $$
  DECLARE room waiting_rooms; each_takes interval; spent timestamptz; free bigint; wanted integer;
    let_in bigint;
  BEGIN
    SELECT * INTO room FROM waiting_rooms
      WHERE tenant_id = tenant AND event_id = event AND status IN ('open', 'closed')
      FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM lapse_waiting_room_access(tenant, event);
    IF room.status = 'closed' THEN RETURN; END IF;
    SELECT room.capacity - count(*) INTO free FROM waiting_room_access
      WHERE tenant_id = tenant AND event_id = event AND status IN ('issued', 'reserved');
    each_takes := interval '1 minute' / room.rate_per_minute;
    -- What was not used ten seconds ago is gone: nobody is to be let in by the thousand after a lull.
    spent := greatest(room.rate_spent_until, now() - greatest(interval '10 seconds', each_takes));
    wanted := least(free, cardinality(tokens),
      floor(extract(epoch FROM now() - spent) / extract(epoch FROM each_takes)));
    IF wanted <= 0 THEN RETURN; END IF;
    RETURN QUERY
      WITH first AS MATERIALIZED (
        SELECT queue_id, ordinal FROM waiting_room_places
          WHERE tenant_id = tenant AND event_id = event AND status = 'waiting'
            AND ordinal IS NOT NULL
          ORDER BY ordinal LIMIT wanted FOR UPDATE
      ), numbered AS (
        SELECT queue_id, row_number() OVER (ORDER BY ordinal) AS n FROM first
      ), admitted AS (
        UPDATE waiting_room_places p SET status = 'admitted', admitted_at = now()
          FROM numbered
          WHERE p.tenant_id = tenant AND p.event_id = event AND p.queue_id = numbered.queue_id
            AND p.status = 'waiting'
          RETURNING p.queue_id, p.user_id, numbered.n
      ), noted AS (
        INSERT INTO waiting_room_activity (tenant_id, id, event_id, user_id, action, metadata)
          SELECT tenant, tokens[n], event, user_id, 'admitted',
            jsonb_build_object('queueId', queue_id)
          FROM admitted
      )
      INSERT INTO waiting_room_access
          (tenant_id, jti, event_id, queue_id, user_id, expires_at, lease_until)
        SELECT tenant, tokens[n], event, queue_id, user_id, now() + life, now() + lease
        FROM admitted
        RETURNING *;
    GET DIAGNOSTICS let_in = ROW_COUNT;
    UPDATE waiting_rooms SET rate_spent_until = spent + each_takes * let_in
      WHERE tenant_id = tenant AND event_id = event AND let_in > 0;
  END $$;

  -- Binds a token to a payment, or stops the transaction.
  CREATE FUNCTION reserve_waiting_room_access(tenant uuid, token uuid, payment uuid) RETURNS void
    LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE waiting_room_access SET status = 'reserved', payment_id = payment, updated_at = now()
      WHERE tenant_id = tenant AND jti = token
        AND (status = 'issued' AND expires_at > now()
          OR status = 'reserved' AND payment_id = payment);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the access token is spent, expired, revoked or in use'
        USING ERRCODE = 'TT008';
    END IF;
  END $$;
`;
