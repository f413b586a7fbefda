import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { centsToNumber } from '../../kernel/money/index.js';
import type { SpecialTaxRule } from '../domain/special-rules.js';
import type { SpecialTaxRulePage } from '../queries/list-special-tax-rules.js';

export class SpecialTaxRuleView {
  @ApiProperty({ example: '0198c0de-0000-7000-8000-000000000001', format: 'uuid' })
  id: string;

  @ApiProperty({ enum: ['jurisdiction', 'venue'], example: 'jurisdiction' })
  scope: string;

  @ApiProperty({ example: 'US-TN-DAVIDSON' })
  scopeRef: string;

  @ApiProperty({ example: 'Entertainment Tax' })
  name: string;

  @ApiProperty({ example: 10_000, type: 'integer', nullable: true })
  ratePpm: number | null;

  @ApiProperty({ example: null, type: 'integer', nullable: true })
  perTicketCents: number | null;

  @ApiProperty({ enum: ['tickets', 'tickets_and_fees'], example: 'tickets' })
  base: string;

  @ApiProperty({ example: '2027-01-01', format: 'date' })
  effectiveFrom: string;

  @ApiProperty({ example: null, format: 'date', type: String, nullable: true })
  effectiveTo: string | null;
}

export class SpecialTaxRulesView {
  @ApiProperty({ type: [SpecialTaxRuleView] })
  rules: SpecialTaxRuleView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

export function specialTaxRuleView(rule: SpecialTaxRule): SpecialTaxRuleView {
  const { perTicketCents } = rule;
  return {
    ...rule,
    perTicketCents: perTicketCents === null ? null : centsToNumber(perTicketCents),
  };
}

export function specialTaxRulesView({
  rules,
  nextCursor,
}: SpecialTaxRulePage): SpecialTaxRulesView {
  return { rules: rules.map(specialTaxRuleView), ...(nextCursor && { nextCursor }) };
}
