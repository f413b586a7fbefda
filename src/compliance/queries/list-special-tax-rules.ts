import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import type { SpecialTaxRule } from '../domain/special-rules.js';
import { parseSpecialTaxRules } from '../infra/special-tax-rules.js';

export interface SpecialTaxRulePage {
  readonly rules: readonly SpecialTaxRule[];
  /** The `after` of the next page; absent on the last. */
  readonly nextCursor?: Uuid;
}

const FIRST: Uuid = '00000000-0000-0000-0000-000000000000';

/** A tenant's special tax rules, past and future ones too, oldest first; `limit` to a page. */
export class ListSpecialTaxRules extends Query<SpecialTaxRulePage> {
  constructor(
    readonly tenantId: Uuid,
    readonly limit: number,
    readonly after: Uuid = FIRST,
  ) {
    super();
  }
}

@QueryHandler(ListSpecialTaxRules)
export class ListSpecialTaxRulesHandler implements IQueryHandler<ListSpecialTaxRules> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, limit, after }: ListSpecialTaxRules): Promise<SpecialTaxRulePage> {
    const [found] = await this.database.read(tenantId, [
      sql`
        SELECT id, scope, scope_ref, name, rate_ppm, per_ticket_cents, base,
          effective_from, effective_to
        FROM tax_special_rules
        WHERE tenant_id = ${tenantId}::uuid AND id > ${after}::uuid
        ORDER BY id LIMIT ${limit + 1}::integer`,
    ]);
    const rules = parseSpecialTaxRules(found?.rows ?? []);
    const page = rules.slice(0, limit);
    const last = page.at(-1);
    return rules.length > limit && last ? { rules: page, nextCursor: last.id } : { rules: page };
  }
}
