import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { RuleSet } from '../domain/scoring/index.js';

/** What the guard below says. */
export const VERSION_TAKEN = 'the version of the rule set is taken';

/** A rule set with the instant from which it holds, until another one does. */
export interface DatedRuleSet {
  readonly rules: RuleSet;
  readonly activeFrom: Date;
  readonly createdBy: Uuid;
  readonly createdAt: Date;
}

export function insertRuleSet(tenantId: Uuid, dated: DatedRuleSet): Statement {
  const { rules, activeFrom, createdBy, createdAt } = dated;
  return sql`
    WITH made AS (
      INSERT INTO fraud_rule_sets (tenant_id, version, rules, active_from, created_by, created_at)
      VALUES (${tenantId}, ${rules.version}, ${rules}, ${activeFrom}, ${createdBy}, ${createdAt})
      ON CONFLICT (tenant_id, version) DO NOTHING RETURNING version
    )
    SELECT guard((SELECT count(*) = 1 FROM made), ${VERSION_TAKEN})`;
}

/** All of a tenant's, those of the future too, in the order in which they hold, the latest first. */
export function ruleSetsReading(tenantId: Uuid, limit: number): Statement {
  return sql`
    SELECT * FROM fraud_rule_sets WHERE tenant_id = ${tenantId}
    ORDER BY active_from DESC, created_at DESC LIMIT ${limit}::integer`;
}

/** The rules are shown as they were stored. */
export function datedRuleSetOf(row: Readonly<Record<string, unknown>>): DatedRuleSet {
  return {
    rules: row.rules as RuleSet,
    activeFrom: row.active_from as Date,
    createdBy: row.created_by as Uuid,
    createdAt: row.created_at as Date,
  };
}
