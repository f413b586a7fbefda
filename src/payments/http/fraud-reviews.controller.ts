import {
  applyDecorators,
  Body,
  Controller,
  Get,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors, ApiIdempotent } from '../../kernel/http/index.js';
import { DecideReview } from '../commands/decide-review.js';
import type { RequestMeta } from '../commands/request-meta.js';
import { ListReviews } from '../queries/list-reviews.js';
import { DecideReviewDto, ListReviewsDto, toReviewPage } from './fraud-reviews.dto.js';
import { ReviewsView } from './fraud-reviews.view.js';
import { Meta } from './meta.js';
import { ApiSettled } from './payment-answers.js';
import { ChangedPaymentView } from './payment-changes.view.js';
import { ApiPaymentId } from './payment-id.js';

@ApiTags('Fraud')
@Roles('reviewer', 'admin')
@Controller('admin/fraud/reviews')
export class FraudReviewsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Purchases whose money waits for a decision, the longest waiting first',
  })
  @ApiOkResponse({ type: ReviewsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  list(@CurrentPrincipal() principal: Principal, @Query() query: ListReviewsDto) {
    return this.queries.execute(new ListReviews(principal, toReviewPage(query)));
  }

  @Post(':paymentId/approve')
  @ApiPaymentId('paymentId')
  @ApiOperation({ summary: 'Take the money: the purchase is in order' })
  @ApiReviewDecision()
  approve(
    @Param('paymentId', ParseUUIDPipe) id: string,
    @Body() { reason }: DecideReviewDto,
    @Meta() meta: RequestMeta,
  ) {
    return this.commands.execute(new DecideReview(id, 'approve', reason ?? null, meta));
  }

  @Post(':paymentId/reject')
  @ApiPaymentId('paymentId')
  @ApiOperation({ summary: 'Let the money go and put the tickets back on sale' })
  @ApiReviewDecision()
  reject(
    @Param('paymentId', ParseUUIDPipe) id: string,
    @Body() { reason }: DecideReviewDto,
    @Meta() meta: RequestMeta,
  ) {
    return this.commands.execute(new DecideReview(id, 'reject', reason ?? null, meta));
  }
}

function ApiReviewDecision(): MethodDecorator {
  return applyDecorators(
    ApiIdempotent(),
    ApiSettled(ChangedPaymentView),
    ApiCommonErrors(),
    ApiErrors('FORBIDDEN', 'NOT_FOUND', 'PAYMENT_STATE_CONFLICT', 'CONFLICT', 'VALIDATION_ERROR'),
    ApiErrors('PROVIDER_UNAVAILABLE', 'DATABASE_UNAVAILABLE'),
  );
}
