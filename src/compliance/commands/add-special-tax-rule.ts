import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { admitSpecialRule } from '../domain/admit-special-rule.js';
import type { SpecialTaxRule } from '../domain/special-rules.js';

/**
 * Adds a dated special tax rule; the audit log keeps who did. Refuses an invalid rule (VALIDATION_ERROR) and one whose days
 * overlap those of a rule of the same name and scope (CONFLICT): the tax would be charged twice.
 */
export class AddSpecialTaxRule extends Command<SpecialTaxRule | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly rule: SpecialTaxRule,
  ) {
    super();
  }
}

@CommandHandler(AddSpecialTaxRule)
export class AddSpecialTaxRuleHandler implements ICommandHandler<AddSpecialTaxRule> {
  constructor(private readonly database: Database) {}

  async execute({ principal, rule }: AddSpecialTaxRule): Promise<SpecialTaxRule | Refusal> {
    const refused = admitSpecialRule(rule);
    if (refused) return refused;
    const { tenantId } = principal;
    try {
      await this.database.transact(tenantId, [
        oneAtATime(tenantId),
        insertUnlessOverlapping(tenantId, rule),
        auditOf(principal, rule),
      ]);
      return rule;
    } catch (error) {
      if (!failedWith(error, SQLSTATE.guardFailed)) throw error;
      return refuse('CONFLICT', 'a rule of this name and scope is in force on some of these days');
    }
  }
}

/** Held to the end of the transaction, so that two overlapping rules cannot miss each other. */
function oneAtATime(tenantId: Uuid): Statement {
  return sql`SELECT pg_advisory_xact_lock(hashtextextended('tax_special_rules ' || ${tenantId}, 0))`;
}

function auditOf(principal: Principal, { id, ...rule }: SpecialTaxRule): Statement {
  return audit(principal.tenantId, {
    actor: userActor(principal),
    action: 'special_tax_rule.added',
    object: { type: 'special_tax_rule', id },
    before: null,
    after: rule,
  });
}

/** Stops the transaction when the rule overlaps another one. */
function insertUnlessOverlapping(tenantId: Uuid, rule: SpecialTaxRule): Statement {
  return sql`
    WITH added AS (INSERT INTO tax_special_rules (tenant_id, id, scope, scope_ref, name, rate_ppm,
      per_ticket_cents, base, effective_from, effective_to)
    SELECT ${tenantId}::uuid, ${rule.id}::uuid, ${rule.scope}, ${rule.scopeRef}, ${rule.name},
      ${rule.ratePpm}::integer, ${rule.perTicketCents}::bigint, ${rule.base},
      ${rule.effectiveFrom}::date, ${rule.effectiveTo}::date
    WHERE NOT EXISTS (
      SELECT FROM tax_special_rules
      WHERE tenant_id = ${tenantId}::uuid AND scope = ${rule.scope}
        AND scope_ref = ${rule.scopeRef} AND lower(name) = lower(${rule.name})
        AND daterange(effective_from, effective_to)
          && daterange(${rule.effectiveFrom}::date, ${rule.effectiveTo}::date))
      RETURNING 1
    ) SELECT guard(count(*) = 1, 'special tax rule') FROM added`;
}
