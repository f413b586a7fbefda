import type { PurchaseSignals } from '../../fraud/fraud.contract.js';
import type { Config } from '../../kernel/config/index.js';
import type { Uuid } from '../../kernel/ids.js';
import type { RequestMeta } from '../commands/request-meta.js';

/** What the fraud checks will need of a purchase, as the request told it. */
export function purchaseSignals(
  paymentId: Uuid,
  meta: RequestMeta,
  config: Config,
  deviceFingerprint?: string,
  sessionData?: PurchaseSignals['sessionData'],
): PurchaseSignals {
  return {
    tenantId: meta.principal.tenantId,
    paymentId,
    userId: meta.principal.userId,
    deviceFingerprint,
    ip: meta.ipAddress,
    userAgent: meta.userAgent,
    sessionData,
    at: meta.at,
    retentionDays: config.retention.sessionDataDays,
  };
}
