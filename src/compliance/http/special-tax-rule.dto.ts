import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNotEmpty, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { IsDay, Omittable, WholeNumber } from '../../kernel/http/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { toCents, toPpm } from '../../kernel/money/index.js';
import type { TaxBase } from '../domain/rules.js';
import type { SpecialTaxRule } from '../domain/special-rules.js';

/** A special tax rule to add: exactly one of `ratePpm` and `perTicketCents`. */
export class AddSpecialTaxRuleDto {
  @ApiProperty({ enum: ['jurisdiction', 'venue'], example: 'jurisdiction' })
  @IsIn(['jurisdiction', 'venue'])
  scope: SpecialTaxRule['scope'];

  @ApiProperty({
    example: 'US-TN-DAVIDSON',
    maxLength: 120,
    description: "US-TN, US-TN-DAVIDSON (a county), US-TN-CITY-MEMPHIS (a city), or a venue's id.",
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  scopeRef: string;

  @ApiProperty({ example: 'Entertainment Tax', maxLength: 120 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name: string;

  @ApiPropertyOptional({
    example: 10_000,
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000,
    description: 'Parts per million of the base: 1 % = 10000.',
  })
  @Omittable()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  ratePpm?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000,
    description: 'Cents for each ticket, instead of a rate.',
  })
  @Omittable()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  perTicketCents?: number;

  @ApiPropertyOptional({
    enum: ['tickets', 'tickets_and_fees'],
    default: 'tickets',
    example: 'tickets',
    description: 'What the rate is applied to.',
  })
  @Omittable()
  @IsIn(['tickets', 'tickets_and_fees'])
  base?: TaxBase;

  @ApiProperty({ example: '2027-01-01', format: 'date', description: 'First day in force.' })
  @IsDay()
  effectiveFrom: string;

  @ApiPropertyOptional({
    example: '2028-01-01',
    format: 'date',
    description: 'First day no longer in force; open-ended when absent.',
  })
  @Omittable()
  @IsDay()
  effectiveTo?: string;
}

/** Which page of the rules to answer. */
export class ListSpecialTaxRulesDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 50 })
  @Omittable()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ format: 'uuid', description: "The previous page's nextCursor." })
  @Omittable()
  @IsUUID()
  cursor?: string;
}

export function toSpecialTaxRule(id: Uuid, dto: AddSpecialTaxRuleDto): SpecialTaxRule {
  return {
    id,
    scope: dto.scope,
    scopeRef: dto.scope === 'venue' ? dto.scopeRef.toLowerCase() : dto.scopeRef,
    name: dto.name,
    ratePpm: dto.ratePpm === undefined ? null : toPpm(dto.ratePpm),
    perTicketCents: dto.perTicketCents === undefined ? null : toCents(dto.perTicketCents),
    base: dto.base ?? 'tickets',
    effectiveFrom: dto.effectiveFrom,
    effectiveTo: dto.effectiveTo ?? null,
  };
}
