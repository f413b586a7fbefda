import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentService, type InternalCaller, InternalOnly } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { ApiCommonErrors, ApiErrors, NotRateLimited } from '../../kernel/http/index.js';
import { TaxRules } from '../infra/tax-rules.js';
import { QuoteTax } from '../queries/quote-tax.js';
import { CalculateTaxDto } from './calculate-tax.dto.js';
import { CalculateTaxView, calculateTaxView } from './calculate-tax.view.js';
import { toTaxQuestion } from './tax-question.js';

@ApiTags('Internal')
@Controller('internal')
export class CalculateTaxController {
  constructor(
    private readonly queries: QueryBus,
    private readonly rules: TaxRules,
    private readonly clock: Clock,
  ) {}

  @Post('calculate-tax')
  @HttpCode(200)
  @InternalOnly()
  @NotRateLimited()
  @ApiOperation({
    summary: 'The tax on tickets to an event',
    description:
      'Admissions are taxed where the event takes place, by the rules of the day of the sale. ' +
      'Rates that are not verified are marked as an estimate or left out, with the reason.',
  })
  @ApiOkResponse({ type: CalculateTaxView })
  @ApiCommonErrors()
  @ApiErrors('VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async calculateTax(
    @CurrentService() { tenantId }: InternalCaller,
    @Body() body: CalculateTaxDto,
  ): Promise<CalculateTaxView> {
    const today = this.rules.dateAt(body.venueAddress, this.clock.now());
    const question = toTaxQuestion(body, today);
    const quote = await this.queries.execute(new QuoteTax(tenantId, question));
    return calculateTaxView(quote, question.saleDate, body.customerAddress !== undefined);
  }
}
