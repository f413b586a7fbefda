import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dated settings of venues and events, and two tables of the specification as views of the truth. */
export class Venues1763000350000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- In force from effective_from until a later row of the same venue; of two rows with the same
      -- instant the one with the greater id. settings holds only what this level decides.
      CREATE TABLE venue_settings (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        venue_id uuid NOT NULL,
        effective_from timestamptz NOT NULL,
        settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
        changed_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX venue_settings_in_force
        ON venue_settings (tenant_id, venue_id, effective_from DESC, id DESC);
      CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_settings
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      SELECT protect_tenant_table('venue_settings', 'append');

      CREATE TABLE event_settings (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        event_id uuid NOT NULL,
        venue_id uuid NOT NULL,
        effective_from timestamptz NOT NULL,
        settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
        changed_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX event_settings_in_force
        ON event_settings (tenant_id, event_id, effective_from DESC, id DESC);
      CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON event_settings
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      SELECT protect_tenant_table('event_settings', 'append');
    `);
    await db.query(SETTINGS_CHANGES);
    await db.query(EVENT_PURCHASE_LIMITS);
    await db.query(VENUE_BALANCES);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP VIEW venue_balances, event_purchase_limits, settings_changes;
      DROP TABLE event_settings, venue_settings;
    `);
  }
}

/**
 * Who changed what, when, from what: both levels in one shape. before is what the level had decided
 * for that time until then.
 */
const SETTINGS_CHANGES = `
  CREATE VIEW settings_changes WITH (security_invoker = true) AS
    SELECT c.tenant_id, 'venue' AS level, c.venue_id AS subject_id, c.venue_id, c.id,
      c.effective_from, c.settings, c.changed_by, c.created_at,
      coalesce((SELECT b.settings FROM venue_settings b
        WHERE b.tenant_id = c.tenant_id AND b.venue_id = c.venue_id
          AND b.id < c.id AND b.effective_from <= c.effective_from
        ORDER BY b.effective_from DESC, b.id DESC LIMIT 1), '{}') AS before
    FROM venue_settings c
    UNION ALL
    SELECT c.tenant_id, 'event', c.event_id, c.venue_id, c.id,
      c.effective_from, c.settings, c.changed_by, c.created_at,
      coalesce((SELECT b.settings FROM event_settings b
        WHERE b.tenant_id = c.tenant_id AND b.event_id = c.event_id
          AND b.id < c.id AND b.effective_from <= c.effective_from
        ORDER BY b.effective_from DESC, b.id DESC LIMIT 1), '{}')
    FROM event_settings c;
  GRANT SELECT ON settings_changes TO tickettoken_app, tickettoken_worker;
`;

/**
 * The limits in force for every event that has settings of its own: the event's, else the venue's,
 * else those of the specification. A view, so that the dated settings stay the only truth.
 */
const EVENT_PURCHASE_LIMITS = `
  CREATE VIEW event_purchase_limits WITH (security_invoker = true) AS
    SELECT e.tenant_id, e.event_id,
      coalesce((limits->>'perUser')::integer, 4) AS purchase_limit_per_user,
      coalesce((limits->>'perPaymentMethod')::integer, 4) AS purchase_limit_per_payment_method,
      coalesce((limits->>'perAddress')::integer, 8) AS purchase_limit_per_address,
      coalesce((limits->>'maxTicketsPerOrder')::integer, 4) AS max_tickets_per_order,
      e.created_at, greatest(e.updated_at, v.created_at) AS updated_at
    FROM (
      SELECT DISTINCT ON (tenant_id, event_id) tenant_id, event_id, venue_id, settings,
        min(created_at) OVER (PARTITION BY tenant_id, event_id) AS created_at,
        created_at AS updated_at
      FROM event_settings WHERE effective_from <= now()
      ORDER BY tenant_id, event_id, effective_from DESC, id DESC
    ) e
    LEFT JOIN LATERAL (
      SELECT settings, created_at FROM venue_settings
      WHERE tenant_id = e.tenant_id AND venue_id = e.venue_id AND effective_from <= now()
      ORDER BY effective_from DESC, id DESC LIMIT 1
    ) v ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(v.settings->'purchaseLimits', '{}') || coalesce(e.settings->'purchaseLimits', '{}')
        AS limits
    ) merged;
  GRANT SELECT ON event_purchase_limits TO tickettoken_app, tickettoken_worker;
`;

/**
 * The ledger's venue accounts as the specification names them, one row a venue, bucket and
 * currency; amount in cents, positive for what the venue is owed. The buckets are disjoint:
 * available does not include reserved. A payout takes from available on a line called 'payout'.
 */
const VENUE_BALANCES = `
  CREATE VIEW venue_balances WITH (security_invoker = true) AS
    SELECT a.tenant_id, a.venue_id, a.bucket AS balance_type, -sums.cents AS amount, sums.currency,
      (SELECT max(p.posted_at) FROM ledger_entries p
        WHERE a.bucket = 'available' AND p.tenant_id = a.tenant_id AND p.account = a.account
          AND p.currency = sums.currency AND p.code = 'payout') AS last_payout_at,
      a.opened_at AS created_at,
      coalesce(
        (SELECT e.posted_at FROM ledger_entries e WHERE e.tenant_id = a.tenant_id
          AND e.account = a.account AND e.currency = sums.currency
          AND e.epoch = (SELECT epoch FROM ledger_watermark)
          ORDER BY e.tx_id DESC LIMIT 1),
        (SELECT max(e.posted_at) FROM ledger_entries e WHERE e.tenant_id = a.tenant_id
          AND e.account = a.account AND e.currency = sums.currency)
      ) AS updated_at
    FROM (
      SELECT tenant_id, account, opened_at, split_part(account, ':', 3) AS bucket,
        substring(account FROM '^venue:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):')::uuid
          AS venue_id
      FROM ledger_accounts
    ) a
    CROSS JOIN LATERAL (
      SELECT currency, sum(cents)::bigint AS cents FROM (
        SELECT b.currency, b.balance_cents AS cents FROM ledger_balances b
          WHERE b.tenant_id = a.tenant_id AND b.account = a.account
        UNION ALL
        SELECT e.currency, e.amount_cents FROM ledger_entries e
          WHERE e.tenant_id = a.tenant_id AND e.account = a.account
            AND e.tx_id BETWEEN (SELECT tx_id FROM ledger_watermark)
              AND pg_snapshot_xmax(pg_current_snapshot())
            AND e.epoch = (SELECT epoch FROM ledger_watermark)
      ) parts GROUP BY currency
    ) sums
    WHERE a.venue_id IS NOT NULL AND a.bucket IN ('available', 'pending', 'reserved');
  GRANT SELECT ON venue_balances TO tickettoken_app, tickettoken_worker;
`;
