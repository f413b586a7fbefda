import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { admitSpecialRule } from '../domain/admit-special-rule.js';
import type { SpecialTaxRule } from '../domain/special-rules.js';

/**
 * Adds a dated special tax rule. Refuses an invalid rule (VALIDATION_ERROR) and one whose days
 * overlap those of a rule of the same name and scope (CONFLICT): the tax would be charged twice.
 */
export class AddSpecialTaxRule extends Command<SpecialTaxRule | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly rule: SpecialTaxRule,
  ) {
    super();
  }
}

@CommandHandler(AddSpecialTaxRule)
export class AddSpecialTaxRuleHandler implements ICommandHandler<AddSpecialTaxRule> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, rule }: AddSpecialTaxRule): Promise<SpecialTaxRule | Refusal> {
    const refused = admitSpecialRule(rule);
    if (refused) return refused;
    const [, inserted] = await this.database.transact(tenantId, [
      oneAtATime(tenantId),
      insertUnlessOverlapping(tenantId, rule),
    ]);
    return inserted?.rowCount === 1
      ? rule
      : refuse('CONFLICT', 'a rule of this name and scope is in force on some of these days');
  }
}

/** Held to the end of the transaction, so that two overlapping rules cannot miss each other. */
function oneAtATime(tenantId: Uuid): Statement {
  return sql`SELECT pg_advisory_xact_lock(hashtextextended('tax_special_rules ' || ${tenantId}, 0))`;
}

function insertUnlessOverlapping(tenantId: Uuid, rule: SpecialTaxRule): Statement {
  return sql`
    INSERT INTO tax_special_rules (tenant_id, id, scope, scope_ref, name, rate_ppm,
      per_ticket_cents, base, effective_from, effective_to)
    SELECT ${tenantId}::uuid, ${rule.id}::uuid, ${rule.scope}, ${rule.scopeRef}, ${rule.name},
      ${rule.ratePpm}::integer, ${rule.perTicketCents}::bigint, ${rule.base},
      ${rule.effectiveFrom}::date, ${rule.effectiveTo}::date
    WHERE NOT EXISTS (
      SELECT FROM tax_special_rules
      WHERE tenant_id = ${tenantId}::uuid AND scope = ${rule.scope}
        AND scope_ref = ${rule.scopeRef} AND lower(name) = lower(${rule.name})
        AND daterange(effective_from, effective_to)
          && daterange(${rule.effectiveFrom}::date, ${rule.effectiveTo}::date))`;
}
