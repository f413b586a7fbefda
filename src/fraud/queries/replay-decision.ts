import { isDeepStrictEqual } from 'node:util';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { assess, type Verdict } from '../domain/scoring/index.js';
import { decisionOf, decisionReading } from '../infra/decision-rows.js';
import { RuleSets, rulesReading } from '../infra/rule-sets.js';

export interface Replay {
  readonly decisionId: Uuid;
  readonly stored: Verdict;
  /** From the stored features by the rule set of then, whatever holds now. */
  readonly replayed: Verdict;
  /** Are they the same to the last bit of every number? */
  readonly equal: boolean;
}

/**
 * Makes a decision once more, without storing anything. Refuses NOT_FOUND, and CONFLICT where this
 * release cannot read the rule set of then.
 */
export class ReplayDecision extends Query<Replay | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly id: Uuid,
  ) {
    super();
  }
}

@QueryHandler(ReplayDecision)
export class ReplayDecisionHandler implements IQueryHandler<ReplayDecision> {
  constructor(
    private readonly database: Database,
    private readonly rules: RuleSets,
  ) {}

  async execute({ tenantId, id }: ReplayDecision): Promise<Replay | Refusal> {
    const [found] = await this.database.read(tenantId, [decisionReading(tenantId, id)]);
    const row = found?.rows[0];
    if (!row) return refuse('NOT_FOUND', 'There is no such decision');
    const { id: decisionId, features, verdict: stored } = decisionOf(row);
    const version = row.rule_set_version as string;
    const [of] = await this.database.read(tenantId, [rulesReading(tenantId, version)]);
    const rules = this.rules.named(tenantId, version, of);
    if (isRefusal(rules)) return rules;
    const replayed = assess(features, rules);
    // Both as JSON keeps them, which every finite number survives.
    const equal = isDeepStrictEqual(JSON.parse(JSON.stringify(replayed)), stored);
    return { decisionId, stored, replayed, equal };
  }
}
