import type { Uuid } from '../../kernel/ids.js';
import { ipAddress, networkOf } from '../../kernel/network-address.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { redactSession } from '../domain/redact-session.js';
import type { Session } from '../domain/session.js';
import type { Location } from '../domain/travel-speed.js';

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
  /** `sec-ch-ua`, `sec-ch-ua-mobile`, `sec-ch-ua-platform` by these names; looked at, not kept. */
  readonly clientHints?: Readonly<Record<string, string>> | undefined;
  /** As the client sent it; it is redacted here. */
  readonly sessionData?: Session | undefined;
  readonly at: Date;
  /** After so many days the row is deleted. */
  readonly retentionDays: number;
}

/** What later checks count of a purchase. */
export interface CountedPurchase {
  readonly eventId: Uuid;
  /** Tickets. */
  readonly quantity: number;
  readonly highDemand: boolean;
  /** The card's fingerprint; null for other methods. */
  readonly paymentMethod: string | null;
  readonly location?: Location | null | undefined;
}

/**
 * Keeps what the fraud checks will need, with the transaction that records the purchase. A second
 * record for the payment changes nothing.
 */
export function recordPurchaseSignals(
  signals: PurchaseSignals,
  purchase?: CountedPurchase,
): Statement {
  const { tenantId, paymentId, userId, deviceFingerprint, sessionData, at } = signals;
  const expiresAt = new Date(at.getTime() + signals.retentionDays * DAY_MS);
  const address = addressOf(signals.ip);
  return sql`
    INSERT INTO purchase_signals (tenant_id, payment_id, user_id, device_fingerprint, ip_address,
      network, user_agent, session_data, payment_method, event_id, quantity, high_demand, latitude,
      longitude, created_at, expires_at)
    VALUES (${tenantId}, ${paymentId}, ${userId}, ${deviceFingerprint ?? null}, ${address},
      ${address && networkOf(address)}, ${userAgentOf(signals)},
      ${sessionData ? redactSession(sessionData) : null}, ${purchase?.paymentMethod ?? null},
      ${purchase?.eventId ?? null}, ${purchase?.quantity ?? 0}, ${purchase?.highDemand ?? false},
      ${purchase?.location?.latitude ?? null}, ${purchase?.location?.longitude ?? null}, ${at},
      ${expiresAt})
    ON CONFLICT (tenant_id, payment_id) DO NOTHING`;
}

/**
 * The tickets of a purchase that came to nothing no longer count as its buyer's; the purchase itself
 * still does. To be added to the transaction that ends it: a definite decline, a void, an expiry.
 */
export function releasePurchaseTickets(tenantId: Uuid, paymentId: Uuid): Statement {
  return sql`UPDATE purchase_signals SET quantity = 0
    WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId}`;
}

/** As much of a program's name as is kept. */
export function userAgentOf({ userAgent }: Pick<PurchaseSignals, 'userAgent'>): string | null {
  return userAgent?.slice(0, MAX_USER_AGENT) ?? null;
}

/** The address as PostgreSQL's inet takes it, which knows neither ports nor zones; null: none. */
export function addressOf(ip: string | undefined): string | null {
  return ip === undefined ? null : ipAddress(ip);
}
