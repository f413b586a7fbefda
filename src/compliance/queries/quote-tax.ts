import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { TaxQuestion, TaxQuote } from '../domain/tax-quote.js';
import { parseSpecialTaxRules, specialTaxRulesStatement } from '../infra/special-tax-rules.js';
import { TaxRules } from '../infra/tax-rules.js';

/** The tax on a sale, with the tenant's own special rules: one read of the database. */
export class QuoteTax extends Query<TaxQuote> {
  constructor(
    readonly tenantId: Uuid,
    readonly question: Omit<TaxQuestion, 'specialRules'>,
  ) {
    super();
  }
}

@QueryHandler(QuoteTax)
export class QuoteTaxHandler implements IQueryHandler<QuoteTax> {
  constructor(
    private readonly database: Database,
    private readonly rules: TaxRules,
  ) {}

  async execute({ tenantId, question }: QuoteTax): Promise<TaxQuote> {
    const [found] = await this.database.read(tenantId, [
      specialTaxRulesStatement(tenantId, question.venueId, question.saleDate),
    ]);
    return this.rules.quote({ ...question, specialRules: parseSpecialTaxRules(found?.rows ?? []) });
  }
}
