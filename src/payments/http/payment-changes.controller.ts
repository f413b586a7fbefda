import { Body, Controller, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../kernel/auth/index.js';
import { isRefusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors, ApiIdempotent, RateLimit } from '../../kernel/http/index.js';
import { CancelPayment } from '../commands/cancel-payment.js';
import { CapturePayment } from '../commands/capture-payment.js';
import { RefundPayment } from '../commands/refund-payment.js';
import type { RequestMeta } from '../commands/request-meta.js';
import { CapturePaymentDto } from './capture-payment.dto.js';
import { Meta } from './meta.js';
import { ChangedPaymentView } from './payment-changes.view.js';
import { ApiRefund, ApiSettled } from './payment-answers.js';
import { ApiPaymentId } from './payment-id.js';
import { RefundPaymentDto, toRefundWish } from './refund-payment.dto.js';

@ApiTags('Payments')
@Controller('api/v1/payments/transaction/:transactionId')
export class PaymentChangesController {
  constructor(private readonly commands: CommandBus) {}

  @Post('refund')
  @RateLimit('payments.refund', 10)
  @ApiPaymentId('transactionId')
  @ApiRefund()
  refund(
    @Param('transactionId', ParseUUIDPipe) id: string,
    @Body() body: RefundPaymentDto,
    @Meta() meta: RequestMeta,
  ) {
    const wish = toRefundWish(body);
    if (isRefusal(wish)) return wish;
    return this.commands.execute(new RefundPayment(id, wish, body.reason ?? null, meta));
  }

  @Post('capture')
  @RateLimit('payments.capture', 20)
  @Roles('venue_owner', 'venue_manager', 'admin')
  @ApiPaymentId('transactionId')
  @ApiOperation({ summary: "Take an authorized payment's money, whole or in part" })
  @ApiIdempotent()
  @ApiSettled(ChangedPaymentView)
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'PAYMENT_STATE_CONFLICT', 'VALIDATION_ERROR', 'CONFLICT')
  @ApiErrors('PROVIDER_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  capture(
    @Param('transactionId', ParseUUIDPipe) id: string,
    @Body() { amount }: CapturePaymentDto,
    @Meta() meta: RequestMeta,
  ) {
    return this.commands.execute(new CapturePayment(id, amount ?? null, meta));
  }

  @Post('cancel')
  @RateLimit('payments.cancel', 20)
  @ApiPaymentId('transactionId')
  @ApiOperation({ summary: 'Call off a payment whose money is not in' })
  @ApiIdempotent()
  @ApiSettled(ChangedPaymentView)
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'PAYMENT_STATE_CONFLICT', 'CONFLICT')
  @ApiErrors('PROVIDER_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  cancel(@Param('transactionId', ParseUUIDPipe) id: string, @Meta() meta: RequestMeta) {
    return this.commands.execute(new CancelPayment(id, meta));
  }
}
