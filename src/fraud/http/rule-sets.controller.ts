import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { AddRuleSet } from '../commands/add-rule-set.js';
import { BacktestRules } from '../queries/backtest-rules.js';
import { ListRuleSets } from '../queries/list-rule-sets.js';
import { BacktestView, backtestView } from './backtest.view.js';
import { AddRuleSetDto, BacktestDto, toBacktestQuestion, toRuleSetWish } from './rule-sets.dto.js';
import { RuleSetsView, ruleSetsView, RuleSetView, ruleSetView } from './rule-sets.view.js';

@ApiTags('Fraud')
@Controller('admin/fraud')
export class RuleSetsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('rule-sets')
  @Roles('admin', 'reviewer')
  @ApiOperation({ summary: 'Bands, weights and limits by which purchases are decided' })
  @ApiOkResponse({ type: RuleSetsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'DATABASE_UNAVAILABLE')
  async list(@CurrentPrincipal() { tenantId }: Principal): Promise<RuleSetsView> {
    return ruleSetsView(await this.queries.execute(new ListRuleSets(tenantId)));
  }

  @Post('rule-sets')
  @Roles('admin')
  @ApiOperation({ summary: 'Decide by another rule set, now or from an instant on' })
  @ApiCreatedResponse({ type: RuleSetView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body() body: AddRuleSetDto,
  ): Promise<RuleSetView | Refusal> {
    const command = new AddRuleSet(principal, toRuleSetWish(body));
    return ruleSetView(await this.commands.execute(command));
  }

  @Post('backtest')
  @Roles('admin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What another rule set would have decided in a period; changes nothing',
    description:
      'Decides anew on the features of then, at most 50,000 decisions at once. Counts stand as they ' +
      'were: that a purchase declined earlier would have lowered later ones is not played out.',
  })
  @ApiOkResponse({ type: BacktestView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async backtest(
    @CurrentPrincipal() { tenantId }: Principal,
    @Body() body: BacktestDto,
  ): Promise<BacktestView | Refusal> {
    const question = new BacktestRules(tenantId, toBacktestQuestion(body));
    return backtestView(await this.queries.execute(question));
  }
}
