/** What other modules may know of fraud prevention: the signals that a purchase leaves behind. */
export type { Session, SessionAction } from './domain/session.js';
export { redactSession } from './domain/redact-session.js';
export { DeviceFingerprint, SessionData, SessionDataDto } from './http/session-data.dto.js';
export { type PurchaseSignals, recordPurchaseSignals } from './infra/record-purchase-signals.js';
export {
  type KeptSignals,
  parsePurchaseSignals,
  readPurchaseSignals,
} from './infra/read-purchase-signals.js';
