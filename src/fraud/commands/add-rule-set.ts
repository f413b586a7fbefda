import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import { readRules } from '../domain/read-rules.js';
import { RULE_SET_V1 } from '../domain/scoring/index.js';
import { type DatedRuleSet, insertRuleSet, VERSION_TAKEN } from '../infra/rule-set-rows.js';

export interface RuleSetWish {
  readonly version: string;
  readonly rules: object;
  /** Null: at once. */
  readonly activeFrom: Date | null;
}

const TAKEN = refuse('CONFLICT', 'The version is taken: a rule set never changes');

/**
 * Adds a rule set that holds from an instant on, until that of another one; audited. Refuses
 * VALIDATION_ERROR for rules that are none or an instant that is over, CONFLICT for a version that
 * there is already.
 */
export class AddRuleSet extends Command<DatedRuleSet | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly wish: RuleSetWish,
  ) {
    super();
  }
}

@CommandHandler(AddRuleSet)
export class AddRuleSetHandler implements ICommandHandler<AddRuleSet> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, wish }: AddRuleSet): Promise<DatedRuleSet | Refusal> {
    const { tenantId, userId: createdBy } = principal;
    const rules = readRules(wish.version, wish.rules);
    if (isRefusal(rules)) return rules;
    const createdAt = this.clock.now();
    const activeFrom = wish.activeFrom ?? createdAt;
    if (activeFrom < createdAt) {
      const errors = [{ field: 'activeFrom', message: 'must not be over' }];
      return refuse('VALIDATION_ERROR', 'Decisions of the past stand', { errors });
    }
    if (rules.version === RULE_SET_V1.version) return TAKEN;
    const dated = { rules, activeFrom, createdBy, createdAt };
    try {
      await this.database.transact(tenantId, [
        insertRuleSet(tenantId, dated),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'fraud_rule_set.added',
          object: { type: 'fraud_rule_set', id: rules.version },
          before: null,
          after: { activeFrom, rules },
        }),
      ]);
      return dated;
    } catch (error) {
      if (asDatabaseError(error)?.detail !== VERSION_TAKEN) throw error;
      return TAKEN;
    }
  }
}
