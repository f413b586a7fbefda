import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** What is still kept of the device behind a purchase, and how often the account came with it. */
export interface KeptSignals {
  readonly fingerprintTaken: boolean;
  /** Personal data: for whoever has a reason to show it, and never for a log. */
  readonly address: string | null;
  /** Earlier purchases of the same account from the same device, and from the same address. */
  readonly earlierByDevice: number;
  readonly earlierByAddress: number;
}

/** Reads a purchase's signals; see `parsePurchaseSignals`. */
export function readPurchaseSignals(tenantId: Uuid, paymentId: Uuid): Statement {
  return sql`
    SELECT s.device_fingerprint IS NOT NULL AS fingerprint_taken, host(s.ip_address) AS address,
      count(*) FILTER (WHERE e.device_fingerprint = s.device_fingerprint) AS by_device,
      count(*) FILTER (WHERE e.ip_address = s.ip_address) AS by_address
    FROM purchase_signals s
    LEFT JOIN purchase_signals e ON e.tenant_id = s.tenant_id AND e.user_id = s.user_id
      AND e.payment_id <> s.payment_id AND e.created_at < s.created_at
    WHERE s.tenant_id = ${tenantId} AND s.payment_id = ${paymentId}
    GROUP BY s.tenant_id, s.payment_id, s.device_fingerprint, s.ip_address`;
}

/** Null where nothing was kept, or no longer is. */
export function parsePurchaseSignals(result: Result | undefined): KeptSignals | null {
  const row = result?.rows[0];
  if (!row) return null;
  return {
    fingerprintTaken: row.fingerprint_taken as boolean,
    address: row.address as string | null,
    earlierByDevice: Number(row.by_device),
    earlierByAddress: Number(row.by_address),
  };
}
