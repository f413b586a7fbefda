import type { Rule } from './rule.js';

const TENANT_TABLES = `tenant_tables AS (
  SELECT c.oid, c.relname AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
)`;

/** Tables that belong to no tenant: the schema's own, the declared states, clocks, signers, prices. */
const NOBODYS = `('schema_migrations', 'payment_state_machine', 'ledger_watermark',
  'ledger_checkpoints', 'retention_runs', 'event_subscriptions', 'chain_signers',
  'chain_free_nonces', 'coin_prices')`;

/** Tables whose rows belong to a payment, with the column that names it. */
const OF_A_PAYMENT = [
  ['payment_intents', 'payment_id'],
  ['payment_refunds', 'transaction_id'],
  ['payment_operations', 'payment_id'],
  ['payment_disputes', 'payment_id'],
  ['payment_orders', 'payment_id'],
  ['purchase_limit_reservations', 'payment_id'],
  ['tickets', 'payment_id'],
  ['tax_collections', 'transaction_id'],
] as const;

const ORPHANS = OF_A_PAYMENT.map(
  ([table, column]) => `
      SELECT format('%s of tenant %s names payment %s, which it does not have', '${table}',
        r.tenant_id, r.${column}) AS found
      FROM ${table} r LEFT JOIN payment_transactions p ON (p.tenant_id, p.id)
        = (r.tenant_id, r.${column})
      WHERE p.id IS NULL`,
).join('\n      UNION ALL');

/** I13: tenants are apart. */
export const TENANTS: readonly Rule[] = [
  {
    invariant: 'I13',
    rule: 'a table with a tenant is under row-level security, its owner too',
    also: TENANT_TABLES,
    violations: `
      SELECT format('%s: %s', name, CASE WHEN NOT secured THEN 'no row-level security'
        WHEN NOT forced THEN 'not forced' ELSE 'the application sees more than its tenant' END)
        AS found
      FROM tenant_tables t
      WHERE NOT secured OR NOT forced OR NOT EXISTS (SELECT FROM pg_policies p
          WHERE p.schemaname = 'public' AND p.tablename = t.name
            AND 'tickettoken_app' = ANY(p.roles) AND p.qual ~ 'current_tenant')
        OR EXISTS (SELECT FROM pg_policies p
          WHERE p.schemaname = 'public' AND p.tablename = t.name AND p.permissive = 'PERMISSIVE'
            AND p.roles && '{tickettoken_app,public}' AND p.qual !~ 'current_tenant')`,
  },
  {
    invariant: 'I13',
    rule: 'a table has a tenant, but for the few that are nobody’s',
    also: TENANT_TABLES,
    violations: `
      SELECT relname AS found FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND oid NOT IN (SELECT oid FROM tenant_tables) AND relname NOT IN ${NOBODYS}`,
  },
  {
    invariant: 'I13',
    rule: 'a unique key holds the tenant',
    also: TENANT_TABLES,
    violations: `
      SELECT format('%s on %s', i.indexrelid::regclass, t.name) AS found
      FROM tenant_tables t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique
      WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid
        AND a.attname = 'tenant_id' AND a.attnum = ANY(i.indkey))`,
  },
  {
    invariant: 'I13',
    rule: 'the application of a tenant that is nobody’s sees no row',
    also: TENANT_TABLES,
    asStranger: true,
    violations: `
      SELECT format('%s: rows of other tenants', name) AS found FROM tenant_tables
      WHERE has_table_privilege(oid, 'SELECT') AND query_to_xml(
        format('SELECT 1 FROM %I LIMIT 1', name), false, true, '')::text <> ''`,
  },
  {
    invariant: 'I13',
    rule: 'what belongs to a payment belongs to its tenant',
    violations: ORPHANS,
  },
];
