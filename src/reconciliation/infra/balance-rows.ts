import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { account } from '../../ledger/ledger.contract.js';
import { sumByCurrency } from '../domain/run.js';

/** What the provider's lines come to, net of fees. */
export function providerSums(tenantId: Uuid, provider: string): Statement {
  return sql`SELECT currency, sum(net_cents)::bigint AS cents FROM provider_balance_transactions
    WHERE tenant_id = ${tenantId} AND provider = ${provider} GROUP BY currency`;
}

/**
 * The clearing account's balance as everything reads it, the roll-up and the entries behind its
 * watermark: read here so that it is of the same snapshot as the lines and the entries.
 */
export function ledgerSums(tenantId: Uuid, provider: string): Statement {
  const clearing = account.providerClearing(provider);
  return sql`
    SELECT currency, sum(cents)::bigint AS cents FROM (
      SELECT currency, balance_cents AS cents FROM ledger_balances
        WHERE tenant_id = ${tenantId} AND account = ${clearing}
      UNION ALL
      SELECT currency, amount_cents FROM ledger_entries
        WHERE tenant_id = ${tenantId} AND account = ${clearing}
          AND tx_id BETWEEN (SELECT tx_id FROM ledger_watermark)
            AND pg_snapshot_xmax(pg_current_snapshot())
          AND epoch = (SELECT epoch FROM ledger_watermark)
    ) parts GROUP BY currency`;
}

export function sumsOf(result: Result | undefined): Map<string, bigint> {
  return sumByCurrency(
    (result?.rows ?? []).map((row) => ({
      currency: row.currency as string,
      cents: row.cents as bigint,
    })),
  );
}
