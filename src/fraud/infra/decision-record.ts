import { newId, type Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Features, Verdict } from '../domain/scoring/index.js';
import type { PurchaseToCheck } from './purchase-to-check.js';
import { userAgentOf } from './record-purchase-signals.js';

/** A decision with all that is needed to make it again. */
export interface MadeDecision {
  readonly id: Uuid;
  readonly purchase: PurchaseToCheck;
  /** Under what the device is remembered; null: none was told. */
  readonly deviceHash: string | null;
  readonly features: Features;
  readonly verdict: Verdict;
}

/** Stores a decision, whatever it is, and what was seen of the device and the program on the way. */
export function decisionRecord(decision: MadeDecision): Statement[] {
  return [insertCheck(decision), ...deviceSeen(decision), ...botSeen(decision)];
}

function insertCheck({ id, purchase, deviceHash, features, verdict }: MadeDecision): Statement {
  const { tenantId, userId, venueId, eventId, attemptId, quantity, amountCents, currency, at } =
    purchase;
  const paymentId = verdict.decision === 'decline' ? null : purchase.paymentId;
  return sql`
    INSERT INTO fraud_checks (tenant_id, id, user_id, payment_id, venue_id, event_id, attempt_id,
      quantity, amount_cents, currency, device_hash, score, signals, decision, rule_set_version,
      features, verdict, timestamp)
    VALUES (${tenantId}, ${id}, ${userId}, ${paymentId}, ${venueId}, ${eventId}, ${attemptId},
      ${quantity}, ${amountCents}, ${currency}, ${deviceHash}, ${verdict.score}, ${JSON.stringify(verdict.reasons)}, ${verdict.decision},
      ${verdict.ruleSet}, ${features}, ${verdict}, ${at})`;
}

/** Who bought on a device is remembered for longer than what a purchase tells of the device. */
function deviceSeen({ id, purchase, deviceHash, verdict }: MadeDecision): Statement[] {
  const { tenantId, userId, eventId, at } = purchase;
  if (deviceHash === null) return [];
  const metadata = { eventId, decision: verdict.decision, checkId: id };
  return [
    sql`
      INSERT INTO device_activity (tenant_id, id, device_hash, user_id, activity_type, metadata,
        timestamp)
      VALUES (${tenantId}, ${newId()}, ${deviceHash}, ${userId}, 'purchase', ${metadata}, ${at})`,
  ];
}

function botSeen({ id, purchase, verdict }: MadeDecision): Statement[] {
  const { score, indicators } = verdict.bot;
  if (indicators.length === 0) return [];
  const { tenantId, userId, at, signals } = purchase;
  return [
    sql`
      INSERT INTO bot_detections (tenant_id, id, user_id, session_id, is_bot, confidence,
        indicators, user_agent, created_at)
      VALUES (${tenantId}, ${newId()}, ${userId}, ${id}, ${verdict.cause === 'bot'}, ${score},
        ${indicators}, ${userAgentOf(signals)}, ${at})`,
  ];
}
