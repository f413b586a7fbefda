import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets, seats and capacity: what is held or sold can never exceed what there is. */
export class Tickets1763000800000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE tickets (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        payment_id uuid NOT NULL,
        event_id uuid NOT NULL,
        ticket_type_id uuid NOT NULL,
        seat text,
        original_price_cents bigint NOT NULL,
        owner_id uuid NOT NULL,
        status text NOT NULL CHECK (status IN ('held', 'sold', 'released')),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX tickets_payment ON tickets (tenant_id, payment_id);
      CREATE INDEX tickets_event ON tickets (tenant_id, event_id, ticket_type_id);
      SELECT protect_tenant_table('tickets');

      -- A seat belongs to one ticket at most; the row goes when the ticket is released.
      CREATE TABLE ticket_holds (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        seat text NOT NULL,
        ticket_id uuid NOT NULL,
        held_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, event_id, seat)
      );
      SELECT protect_tenant_table('ticket_holds');

      -- A pool is a ticket type's (or a whole event's) capacity, spread over shards so that
      -- concurrent sales do not queue for one row.
      CREATE TABLE capacity_pools (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        pool_id uuid NOT NULL,
        capacity integer NOT NULL CHECK (capacity >= 0),
        PRIMARY KEY (tenant_id, event_id, pool_id)
      );
      SELECT protect_tenant_table('capacity_pools');
      CREATE TABLE capacity_shards (
        tenant_id uuid NOT NULL,
        event_id uuid NOT NULL,
        pool_id uuid NOT NULL,
        shard smallint NOT NULL,
        capacity integer NOT NULL,
        taken integer NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND capacity),
        PRIMARY KEY (tenant_id, event_id, pool_id, shard)
      ) WITH (fillfactor = 20);
      SELECT protect_tenant_table('capacity_shards');
    `);
    await db.query(CLAIM);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION release_capacity(uuid, uuid, uuid, integer);
      DROP FUNCTION claim_capacity(uuid, uuid, uuid, integer, integer, integer);
      DROP FUNCTION resize_pool(uuid, uuid, uuid, integer);
      DROP TABLE capacity_shards, capacity_pools, ticket_holds, tickets;
    `);
  }
}

/**
 * A claim takes any free shard that has enough. Only when none has does it lock all shards in order
 * and decide exactly, taking from several: "sold out" is never said while tickets are left.
 */
const CLAIM = `
  CREATE FUNCTION resize_pool(tenant uuid, event uuid, pool uuid, size integer)
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
      WHERE tenant_id = tenant AND event_id = event AND status <> 'released'
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

  CREATE FUNCTION claim_capacity(
    tenant uuid, event uuid, pool uuid, size integer, wanted integer, start integer
  ) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE chosen smallint; room record; rest integer := wanted; part integer;
  BEGIN
    IF NOT EXISTS (SELECT FROM capacity_pools
      WHERE tenant_id = tenant AND event_id = event AND pool_id = pool AND capacity = size)
      AND size IS NOT NULL THEN
      PERFORM resize_pool(tenant, event, pool, size);
    END IF;
    SELECT shard INTO chosen FROM capacity_shards
      WHERE tenant_id = tenant AND event_id = event AND pool_id = pool AND capacity - taken >= wanted
      ORDER BY (shard + start) % 32 LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      UPDATE capacity_shards SET taken = taken + wanted
        WHERE tenant_id = tenant AND event_id = event AND pool_id = pool AND shard = chosen;
      RETURN;
    END IF;
    FOR room IN SELECT shard, capacity - taken AS free FROM capacity_shards
      WHERE tenant_id = tenant AND event_id = event AND pool_id = pool ORDER BY shard FOR UPDATE
    LOOP
      EXIT WHEN rest = 0;
      part := least(rest, room.free);
      IF part > 0 THEN
        UPDATE capacity_shards SET taken = taken + part
          WHERE tenant_id = tenant AND event_id = event AND pool_id = pool AND shard = room.shard;
        rest := rest - part;
      END IF;
    END LOOP;
    IF rest > 0 THEN
      RAISE EXCEPTION 'sold out' USING ERRCODE = 'TT002', DETAIL = pool::text;
    END IF;
  END $$;

  CREATE FUNCTION release_capacity(tenant uuid, event uuid, pool uuid, amount integer)
    RETURNS void LANGUAGE plpgsql AS $$
  DECLARE used record; rest integer := amount; part integer; surplus integer;
  BEGIN
    -- Of a pool that was cut below what was taken, what comes back is not for sale again.
    SELECT greatest(sum(s.capacity) - min(p.capacity), 0) INTO surplus
      FROM capacity_shards s JOIN capacity_pools p USING (tenant_id, event_id, pool_id)
      WHERE s.tenant_id = tenant AND s.event_id = event AND s.pool_id = pool;
    FOR used IN SELECT shard, taken FROM capacity_shards
      WHERE tenant_id = tenant AND event_id = event AND pool_id = pool ORDER BY shard FOR UPDATE
    LOOP
      EXIT WHEN rest = 0;
      part := least(rest, used.taken);
      IF part > 0 THEN
        UPDATE capacity_shards
          SET taken = taken - part, capacity = capacity - least(part, surplus)
          WHERE tenant_id = tenant AND event_id = event AND pool_id = pool AND shard = used.shard;
        rest := rest - part;
        surplus := greatest(surplus - part, 0);
      END IF;
    END LOOP;
    IF rest > 0 THEN
      RAISE EXCEPTION 'released % tickets more than were taken', rest USING ERRCODE = 'TT003';
    END IF;
  END $$;
`;
