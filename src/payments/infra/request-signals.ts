import type { PurchaseSignals } from '../../fraud/fraud.contract.js';
import type { Config } from '../../kernel/config/index.js';
import type { RequestMeta } from '../commands/request-meta.js';

/** A purchase's signals before it has an id. */
export type RequestSignals = Omit<PurchaseSignals, 'paymentId'>;

/** What the fraud checks will need of a purchase, as the request told it. */
export function requestSignals(
  meta: RequestMeta,
  config: Config,
  deviceFingerprint?: string,
  sessionData?: PurchaseSignals['sessionData'],
): RequestSignals {
  return {
    tenantId: meta.principal.tenantId,
    userId: meta.principal.userId,
    deviceFingerprint,
    ip: meta.ipAddress,
    userAgent: meta.userAgent,
    clientHints: meta.clientHints,
    sessionData,
    at: meta.at,
    retentionDays: config.retention.sessionDataDays,
  };
}
