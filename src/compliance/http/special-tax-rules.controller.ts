import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { newId } from '../../kernel/ids.js';
import { AddSpecialTaxRule } from '../commands/add-special-tax-rule.js';
import { ListSpecialTaxRules } from '../queries/list-special-tax-rules.js';
import {
  AddSpecialTaxRuleDto,
  ListSpecialTaxRulesDto,
  toSpecialTaxRule,
} from './special-tax-rule.dto.js';
import {
  SpecialTaxRulesView,
  specialTaxRulesView,
  SpecialTaxRuleView,
  specialTaxRuleView,
} from './special-tax-rule.view.js';

const PAGE = 50;

@ApiTags('Administration')
@Roles('admin')
@Controller('admin/tax/special-rules')
export class SpecialTaxRulesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: "The tenant's special tax rules, past and future ones too" })
  @ApiOkResponse({ type: SpecialTaxRulesView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() { limit = PAGE, cursor }: ListSpecialTaxRulesDto,
  ): Promise<SpecialTaxRulesView> {
    const page = await this.queries.execute(new ListSpecialTaxRules(tenantId, limit, cursor));
    return specialTaxRulesView(page);
  }

  @Post()
  @ApiOperation({ summary: 'Add a special tax of a jurisdiction or a venue' })
  @ApiCreatedResponse({ type: SpecialTaxRuleView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body() body: AddSpecialTaxRuleDto,
  ): Promise<SpecialTaxRuleView | Refusal> {
    const rule = toSpecialTaxRule(newId(), body);
    const answer = await this.commands.execute(new AddSpecialTaxRule(principal, rule));
    return isRefusal(answer) ? answer : specialTaxRuleView(answer);
  }
}
