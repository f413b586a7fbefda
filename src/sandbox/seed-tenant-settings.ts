import './refuse-production.js';
import pg from 'pg';
import { newId } from '../kernel/ids.js';
import { APPLICATION_ROLE, connectionOptions } from '../kernel/postgres/connections.js';
import type { Cast } from './cast.js';

/**
 * Tests, demo and chaos buy again and again with one user and one card, and mean something else:
 * the most that `PUT /api/v1/settings` takes.
 */
export const WIDE_LIMITS = {
  perUser: 1_000,
  perPaymentMethod: 1_000,
  perAddress: 1_000,
  maxTicketsPerOrder: 500,
};

/**
 * Gives the world's main tenant purchase limits that nobody notices, in a migrated database. Once: what
 * was decided since stays. The other tenant keeps the specification's.
 */
export async function seedTenantSettings(
  databaseUrl: string,
  { tenantId, users }: Pick<Cast, 'tenantId' | 'users'>,
  purchaseLimits = WIDE_LIMITS,
): Promise<void> {
  const client = new pg.Client(connectionOptions(databaseUrl, APPLICATION_ROLE, 1));
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [tenantId]);
    await client.query(
      `INSERT INTO tenant_settings (tenant_id, id, effective_from, settings, changed_by)
        SELECT $1, $2, 'epoch', $3, $4
        WHERE NOT EXISTS (SELECT FROM tenant_settings WHERE tenant_id = $1)`,
      [tenantId, newId(), JSON.stringify({ purchaseLimits }), users.admin],
    );
  } finally {
    await client.end();
  }
}
