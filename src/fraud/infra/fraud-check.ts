import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { refusalOf } from '../domain/refusal-of.js';
import { assess, sessionFeatures } from '../domain/scoring/index.js';
import { activityReading, parseActivity } from './activity-reading.js';
import { decisionRecord } from './decision-record.js';
import type { FraudDecision, PurchaseToCheck } from './purchase-to-check.js';
import { recordPurchaseSignals } from './record-purchase-signals.js';
import { activeRulesReading, RuleSets } from './rule-sets.js';
import { parseStanding, standingReading } from './standing-reading.js';
import { SubjectKeys } from './subject-keys.js';
import { velocityGuards } from './velocity-guards.js';

/**
 * For the transaction alone. Arrays of other lengths let PostgreSQL plan a statement anew each time,
 * which takes three times as long as these take to read by their indexes.
 */
const PLANNED_ONCE = sql`SELECT set_config('plan_cache_mode', 'force_generic_plan', true)`;

/** Decides on a purchase before its first transaction. */
@Injectable()
export class FraudCheck {
  constructor(
    private readonly database: Database,
    private readonly rules: RuleSets,
    private readonly keys: SubjectKeys,
  ) {}

  /**
   * One round trip to read, and one more to store a purchase that is declined. Throws as `Database`
   * does: without it nothing can be sold either.
   */
  async check(purchase: PurchaseToCheck): Promise<FraudDecision> {
    const { tenantId, signals, at } = purchase;
    const [, active, activity, standing] = await this.database.read(tenantId, [
      PLANNED_ONCE,
      activeRulesReading(tenantId, at),
      activityReading(purchase),
      standingReading(purchase, this.keys),
    ]);
    const rules = this.rules.active(tenantId, active);
    const { highDemand } = purchase;
    const features = {
      session: isKnown(signals) ? sessionFeatures(signals.sessionData, signals) : null,
      history: {
        ...parseActivity(activity, purchase),
        ...parseStanding(standing, purchase),
        highDemand,
      },
    };
    const verdict = assess(features, rules);
    const id = newId();
    const refusal = refusalOf(verdict);
    const deviceHash = this.keys.devices(purchase)[0] ?? null;
    const stored = decisionRecord({ id, purchase, deviceHash, features, verdict });
    if (refusal) {
      await this.database.transact(tenantId, stored);
      return { id, verdict, refusal, record: [] };
    }
    const kept = { ...signals, paymentId: purchase.paymentId };
    const record = [
      ...velocityGuards(purchase, rules),
      recordPurchaseSignals(kept, purchase),
      ...stored,
    ];
    return { id, verdict, refusal, record };
  }
}

/** Is anything at all known of the program that buys? */
function isKnown({ sessionData, userAgent, clientHints }: PurchaseToCheck['signals']): boolean {
  return [sessionData, userAgent, clientHints].some((told) => told !== undefined);
}
