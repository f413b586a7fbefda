import { isIP } from 'node:net';
import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { redactSession } from '../domain/redact-session.js';
import type { Session } from '../domain/session.js';

const MAX_USER_AGENT = 512;
const DAY_MS = 86_400_000;

/** What is known of the device behind a purchase. */
export interface PurchaseSignals {
  readonly tenantId: Uuid;
  readonly paymentId: Uuid;
  readonly userId: Uuid;
  readonly deviceFingerprint?: string | undefined;
  /** As the trusted proxies tell it; anything that is no address is not kept. */
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  /** As the client sent it; it is redacted here. */
  readonly sessionData?: Session | undefined;
  readonly at: Date;
  /** After so many days the row is deleted. */
  readonly retentionDays: number;
}

/**
 * Keeps what the fraud checks will need, with the transaction that records the purchase. A second
 * record for the payment changes nothing.
 */
export function recordPurchaseSignals(signals: PurchaseSignals): Statement {
  const { tenantId, paymentId, userId, deviceFingerprint, sessionData, at } = signals;
  const expiresAt = new Date(at.getTime() + signals.retentionDays * DAY_MS);
  return sql`
    INSERT INTO purchase_signals (tenant_id, payment_id, user_id, device_fingerprint, ip_address,
      user_agent, session_data, created_at, expires_at)
    VALUES (${tenantId}, ${paymentId}, ${userId}, ${deviceFingerprint ?? null},
      ${addressOf(signals.ip)}, ${signals.userAgent?.slice(0, MAX_USER_AGENT) ?? null},
      ${sessionData ? redactSession(sessionData) : null}, ${at}, ${expiresAt})
    ON CONFLICT (tenant_id, payment_id) DO NOTHING`;
}

/** PostgreSQL's inet knows no zones such as `%eth0`. */
function addressOf(ip: string | undefined): string | null {
  const address = ip?.split('%', 1)[0] ?? '';
  return isIP(address) === 0 ? null : address;
}
