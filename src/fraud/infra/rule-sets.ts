import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { parseRuleSet, RULE_SET_V1, type RuleSet } from '../domain/scoring/index.js';

const MOST_PARSED = 1_000;

/** The rule set that holds for a tenant at an instant; none where it has none. */
export function activeRulesReading(tenantId: Uuid, at: Date): Statement {
  return sql`
    SELECT version, rules FROM fraud_rule_sets
    WHERE tenant_id = ${tenantId} AND active_from <= ${at}
    ORDER BY active_from DESC, created_at DESC LIMIT 1`;
}

export function rulesReading(tenantId: Uuid, version: string): Statement {
  return sql`
    SELECT version, rules FROM fraud_rule_sets
    WHERE tenant_id = ${tenantId} AND version = ${version}`;
}

/** Rule sets as they were stored, each read once a process: a version never changes. */
@Injectable()
export class RuleSets {
  private readonly log = new Logger(RuleSets.name);
  private readonly parsed = new LRUCache<string, RuleSet>({ max: MOST_PARSED });

  /**
   * What holds by `activeRulesReading`: the first rule set where a tenant has none. One that this
   * release cannot read stops no sale: it is told, and the first one holds.
   */
  active(tenantId: Uuid, result: Result | undefined): RuleSet {
    try {
      return this.stored(tenantId, result) ?? RULE_SET_V1;
    } catch (error) {
      this.log.error(`the fraud rules of ${tenantId} cannot be read: ${String(error)}`);
      return RULE_SET_V1;
    }
  }

  /**
   * The rule set called so, by `rulesReading`. Refuses NOT_FOUND where there is none, CONFLICT for one
   * that this release cannot read.
   */
  named(tenantId: Uuid, version: string, result: Result | undefined): RuleSet | Refusal {
    if (version === RULE_SET_V1.version) return RULE_SET_V1;
    try {
      return this.stored(tenantId, result) ?? refuse('NOT_FOUND', 'There is no such rule set');
    } catch (error) {
      this.log.warn(`the fraud rules ${version} of ${tenantId} cannot be read: ${String(error)}`);
      return refuse('CONFLICT', 'This release cannot read the rule set');
    }
  }

  private stored(tenantId: Uuid, result: Result | undefined): RuleSet | null {
    const row = result?.rows[0];
    if (!row) return null;
    const key = `${tenantId.toLowerCase()}:${row.version as string}`;
    const known = this.parsed.get(key);
    if (known) return known;
    const rules = parseRuleSet(row.rules);
    this.parsed.set(key, rules);
    return rules;
  }
}
