import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dated settings of a tenant, under those of its venues and events. */
export class TenantSettings1765000351000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- In force from effective_from until a later row; of two rows with the same instant the one
      -- with the greater id. settings holds only what the tenant decides.
      CREATE TABLE tenant_settings (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        effective_from timestamptz NOT NULL,
        settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
        changed_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX tenant_settings_in_force
        ON tenant_settings (tenant_id, effective_from DESC, id DESC);
      CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON tenant_settings
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      SELECT protect_tenant_table('tenant_settings', 'append');
    `);
    await db.query(changes(TENANTS_CHANGES));
    await db.query(limits('t.settings', TENANT_IN_FORCE, 't.created_at'));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(limits(`'{}'::jsonb`));
    await db.query(changes());
    await db.query('DROP TABLE tenant_settings');
  }
}

/** A tenant is its own subject, and has no venue. */
const TENANTS_CHANGES = `
  UNION ALL
  SELECT c.tenant_id, 'tenant', c.tenant_id, NULL, c.id,
    c.effective_from, c.settings, c.changed_by, c.created_at,
    coalesce((SELECT b.settings FROM tenant_settings b
      WHERE b.tenant_id = c.tenant_id AND b.id < c.id AND b.effective_from <= c.effective_from
      ORDER BY b.effective_from DESC, b.id DESC LIMIT 1), '{}')
  FROM tenant_settings c`;

function changes(ofTenants = ''): string {
  return `
  CREATE OR REPLACE VIEW settings_changes WITH (security_invoker = true) AS
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
    FROM event_settings c ${ofTenants}`;
}

const TENANT_IN_FORCE = `
  LEFT JOIN LATERAL (
    SELECT settings, created_at FROM tenant_settings
    WHERE tenant_id = e.tenant_id AND effective_from <= now()
    ORDER BY effective_from DESC, id DESC LIMIT 1
  ) t ON true`;

/** The limits in force for every event that has settings of its own. */
function limits(tenants: string, inForce = '', changedAt = 'NULL'): string {
  return `
  CREATE OR REPLACE VIEW event_purchase_limits WITH (security_invoker = true) AS
    SELECT e.tenant_id, e.event_id,
      coalesce((limits->>'perUser')::integer, 4) AS purchase_limit_per_user,
      coalesce((limits->>'perPaymentMethod')::integer, 4) AS purchase_limit_per_payment_method,
      coalesce((limits->>'perAddress')::integer, 8) AS purchase_limit_per_address,
      coalesce((limits->>'maxTicketsPerOrder')::integer, 4) AS max_tickets_per_order,
      e.created_at, greatest(e.updated_at, v.created_at, ${changedAt}) AS updated_at
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
    ${inForce}
    CROSS JOIN LATERAL (
      SELECT coalesce(${tenants}->'purchaseLimits', '{}')
        || coalesce(v.settings->'purchaseLimits', '{}')
        || coalesce(e.settings->'purchaseLimits', '{}') AS limits
    ) merged`;
}
