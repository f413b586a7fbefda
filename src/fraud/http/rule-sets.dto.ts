import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, Matches } from 'class-validator';
import { IsInstant, Omittable } from '../../kernel/http/index.js';
import type { RuleSetWish } from '../commands/add-rule-set.js';
import { RULE_SET_V1 } from '../domain/scoring/index.js';
import type { BacktestQuestion } from '../queries/backtest-rules.js';

const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const { version: _, ...RULES } = RULE_SET_V1;

/** How rules are written: the first rule set as an example, which the schema does not spell out. */
export const RULES_EXAMPLE = {
  type: 'object',
  additionalProperties: true,
  example: {
    ...RULES,
    bot: { ...RULES.bot, indicators: RULES.bot.indicators.slice(0, 1) },
    scalper: { ...RULES.scalper, indicators: RULES.scalper.indicators.slice(0, 1) },
    velocity: RULES.velocity.slice(0, 1),
  },
} as const;

const Version = (description: string) =>
  applyDecorators(
    ApiProperty({ pattern: VERSION.source, description, example: 'strict-2026' }),
    Matches(VERSION, { message: 'must be 1 to 64 letters, digits, dots, dashes or underscores' }),
  );

export class AddRuleSetDto {
  @Version('Its name; what is called so never changes')
  version: string;

  @ApiProperty({
    ...RULES_EXAMPLE,
    description: 'Bands, weights and limits; a fault is named by its path',
  })
  @IsObject()
  rules: object;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'From when on it holds; at once, unless told',
    example: '2031-01-12T10:00:00Z',
  })
  @Omittable()
  @IsInstant()
  activeFrom?: string;
}

export class BacktestDto {
  @Version('A rule set that is stored, `v1`, or the name of the rules below')
  version: string;

  @ApiPropertyOptional({ ...RULES_EXAMPLE, description: 'Rules to try that are stored nowhere' })
  @Omittable()
  @IsObject()
  rules?: object;

  @ApiProperty({
    format: 'date-time',
    description: 'The first instant of the period',
    example: '2026-01-01T00:00:00Z',
  })
  @IsInstant()
  from: string;

  @ApiProperty({
    format: 'date-time',
    description: 'The first instant no longer meant',
    example: '2026-02-01T00:00:00Z',
  })
  @IsInstant()
  to: string;
}

export function toRuleSetWish({ version, rules, activeFrom }: AddRuleSetDto): RuleSetWish {
  return { version, rules, activeFrom: activeFrom === undefined ? null : new Date(activeFrom) };
}

export function toBacktestQuestion({ version, rules, from, to }: BacktestDto): BacktestQuestion {
  return { version, rules: rules ?? null, from: new Date(from), to: new Date(to) };
}
