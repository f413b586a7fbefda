import { ApiProperty } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { DatedRuleSet } from '../infra/rule-set-rows.js';
import type { KnownRuleSets } from '../queries/list-rule-sets.js';
import { RULES_EXAMPLE } from './rule-sets.dto.js';

const INSTANT = '2026-01-12T10:00:00.000Z';

export class RuleSetView {
  @ApiProperty({ example: 'strict-2026' })
  version: string;

  @ApiProperty(RULES_EXAMPLE)
  rules: object;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  activeFrom: string;

  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b02' })
  createdBy: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  createdAt: string;
}

export class RuleSetsView {
  @ApiProperty({ description: 'The version that holds now', example: 'v1' })
  active: string;

  @ApiProperty({ type: [RuleSetView], description: 'Those of the tenant, the latest first.' })
  ruleSets: RuleSetView[];
}

/** A rule set as it is answered; a refusal passes through. */
export function ruleSetView(dated: DatedRuleSet | Refusal): RuleSetView | Refusal {
  return isRefusal(dated) ? dated : viewOf(dated);
}

export function ruleSetsView({ active, ruleSets }: KnownRuleSets): RuleSetsView {
  return { active, ruleSets: ruleSets.map(viewOf) };
}

function viewOf({ rules: { version, ...rules }, ...dated }: DatedRuleSet): RuleSetView {
  return {
    version,
    rules,
    activeFrom: dated.activeFrom.toISOString(),
    createdBy: dated.createdBy,
    createdAt: dated.createdAt.toISOString(),
  };
}
