import './refuse-production.js';
import pg from 'pg';
import { RULE_SET_V1, type RuleSet } from '../fraud/fraud.contract.js';
import { APPLICATION_ROLE, connectionOptions } from '../kernel/postgres/connections.js';
import type { Cast } from './cast.js';

/** Signs that grow with nothing but use: one user, card and device buy here all day long. */
const OF_MANY_PURCHASES = new Set([
  ...['many_purchases', 'many_accounts_on_device', 'high_demand_targeting', 'shared_card'],
  ...['disputes', 'disputes_on_device'],
]);

/** The first rule set without limits on how much is bought, and without what comes of that. */
const WIDE: RuleSet = {
  ...RULE_SET_V1,
  version: 'sandbox-wide',
  scalper: {
    ...RULE_SET_V1.scalper,
    indicators: RULE_SET_V1.scalper.indicators.filter(({ name }) => !OF_MANY_PURCHASES.has(name)),
  },
  velocity: [],
};

/**
 * Lets the world's main tenant buy as often as it likes, in a migrated database; repeating it changes
 * nothing, and a rule set that is added later holds instead. The other tenant keeps the first one.
 */
export async function seedFraudRules(
  databaseUrl: string,
  { tenantId, users }: Pick<Cast, 'tenantId' | 'users'>,
): Promise<void> {
  const client = new pg.Client(connectionOptions(databaseUrl, APPLICATION_ROLE, 1));
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [tenantId]);
    await client.query(
      `INSERT INTO fraud_rule_sets (tenant_id, version, rules, active_from, created_by)
        VALUES ($1, $2, $3, 'epoch', $4) ON CONFLICT (tenant_id, version) DO NOTHING`,
      [tenantId, WIDE.version, WIDE, users.admin],
    );
  } finally {
    await client.end();
  }
}
