import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '../../kernel/auth/index.js';
import { isRefusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors, ApiIdempotent, RateLimit } from '../../kernel/http/index.js';
import { ChargeOrder } from '../commands/charge-order.js';
import { RefundPayment } from '../commands/refund-payment.js';
import type { RequestMeta } from '../commands/request-meta.js';
import { GetPayment } from '../queries/get-payment.js';
import { GetStatistics } from '../queries/get-statistics.js';
import { ListPayments } from '../queries/list-payments.js';
import { ChargeOrderDto } from './charge-order.dto.js';
import { ListPaymentsDto, StatisticsDto } from './list-payments.dto.js';
import { Meta } from './meta.js';
import {
  ChargedOrderView,
  OrderPaymentView,
  PaymentPageView,
  StatisticsView,
} from './order-payments.view.js';
import { ApiAccessToken, ApiRefund, ApiScreeningErrors, ApiSettled } from './payment-answers.js';
import { ApiPaymentId } from './payment-id.js';
import { presentOrderPayment } from './present.js';

import { RefundPaymentDto, toRefundWish } from './refund-payment.dto.js';

@ApiTags('Order payments')
@Controller('api/payments')
export class OrderPaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('charge')
  @RateLimit('payments.charge', 20)
  @ApiOperation({ summary: 'Pay an order of the order service' })
  @ApiIdempotent()
  @ApiAccessToken()
  @ApiSettled(ChargedOrderView)
  @ApiCommonErrors()
  @ApiScreeningErrors()
  @ApiErrors('PAYMENT_FAILED', 'NOT_FOUND', 'PRICE_CHANGED', 'SOLD_OUT', 'SEAT_TAKEN')
  @ApiErrors('ORDER_ALREADY_PAID', 'EVENT_CANCELLED', 'VALIDATION_ERROR', 'PROVIDER_UNAVAILABLE')
  @ApiErrors('TICKET_SERVICE_UNAVAILABLE', 'ORDER_SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  charge(@Body() body: ChargeOrderDto, @Meta() meta: RequestMeta) {
    return this.commands.execute(new ChargeOrder(body, meta));
  }

  @Get('stats/overview')
  @ApiOperation({ summary: "A user's own figures; an administrator's tenant's" })
  @ApiOkResponse({ type: StatisticsView })
  @ApiCommonErrors()
  @ApiErrors('VALIDATION_ERROR')
  overview(
    @Query() { startDate, endDate }: StatisticsDto,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.queries.execute(new GetStatistics(principal, dayStart(startDate), dayEnd(endDate)));
  }

  @Get()
  @ApiOperation({ summary: "A user's payments, newest first; an administrator's tenant's" })
  @ApiOkResponse({ type: PaymentPageView })
  @ApiCommonErrors()
  @ApiErrors('VALIDATION_ERROR')
  list(@Query() query: ListPaymentsDto, @CurrentPrincipal() principal: Principal) {
    const { page = 1, limit = 10, cursor = null, status = null } = query;
    return this.queries.execute(new ListPayments(principal, { page, limit, cursor, status }));
  }

  @Post(':paymentId/refund')
  @RateLimit('payments.refund', 10)
  @ApiPaymentId('paymentId')
  @ApiRefund()
  refund(
    @Param('paymentId', ParseUUIDPipe) id: string,
    @Body() body: RefundPaymentDto,
    @Meta() meta: RequestMeta,
  ) {
    const wish = toRefundWish(body);
    if (isRefusal(wish)) return wish;
    return this.commands.execute(new RefundPayment(id, wish, body.reason ?? null, meta));
  }

  @Get(':paymentId')
  @ApiPaymentId('paymentId')
  @ApiOperation({ summary: 'One payment' })
  @ApiOkResponse({ type: OrderPaymentView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND')
  async payment(
    @Param('paymentId', ParseUUIDPipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ) {
    return presentOrderPayment(await this.queries.execute(new GetPayment(principal, id)));
  }
}

/** Days are whole and inclusive, in UTC. */
function dayStart(day: string | undefined): Date | null {
  return day === undefined ? null : new Date(`${day}T00:00:00Z`);
}

function dayEnd(day: string | undefined): Date | null {
  return day === undefined ? null : new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000);
}
