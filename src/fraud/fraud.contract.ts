/**
 * What other modules may know of fraud prevention: the check of a purchase, the signals that one
 * leaves behind, and the events by which fraud learns what became of it.
 */
export {
  RESALE_EVENTS,
  REVIEW_APPROVED,
  REVIEW_EVENTS,
  REVIEW_REJECTED,
  type ReviewDecided,
  TICKET_RESOLD,
  type TicketResold,
} from './domain/heard-events.js';
export type { Session, SessionAction } from './domain/session.js';
export { redactSession } from './domain/redact-session.js';
export { RULE_SET_V1, type RuleSet, type Verdict } from './domain/scoring/index.js';
export { DeviceFingerprint, SessionData, SessionDataDto } from './http/session-data.dto.js';
export type { Location } from './domain/travel-speed.js';
export { DecisionSummaryView } from './http/decision-summary.view.js';
export { FraudCheck } from './infra/fraud-check.js';
export { type DecisionSummary, parseDecisions, readDecisions } from './infra/payment-decisions.js';
export type { FraudDecision, PurchaseToCheck } from './infra/purchase-to-check.js';
export {
  type PurchaseSignals,
  recordPurchaseSignals,
  releasePurchaseTickets,
} from './infra/record-purchase-signals.js';
export {
  type KeptSignals,
  parsePurchaseSignals,
  readPurchaseSignals,
} from './infra/read-purchase-signals.js';
