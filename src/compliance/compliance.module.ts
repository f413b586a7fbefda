import { Module } from '@nestjs/common';
import { AddSpecialTaxRuleHandler } from './commands/add-special-tax-rule.js';
import { CalculateTaxController } from './http/calculate-tax.controller.js';
import { SpecialTaxRulesController } from './http/special-tax-rules.controller.js';
import { TaxRules } from './infra/tax-rules.js';
import { ListSpecialTaxRulesHandler } from './queries/list-special-tax-rules.js';
import { QuoteTaxHandler } from './queries/quote-tax.js';

@Module({
  controllers: [CalculateTaxController, SpecialTaxRulesController],
  providers: [TaxRules, QuoteTaxHandler, ListSpecialTaxRulesHandler, AddSpecialTaxRuleHandler],
  exports: [TaxRules],
})
export class ComplianceModule {}
