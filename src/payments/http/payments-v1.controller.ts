import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors, ApiIdempotent, RateLimit } from '../../kernel/http/index.js';
import { ConfirmPayment } from '../commands/confirm-payment.js';
import { ProcessPayment } from '../commands/process-payment.js';
import type { RequestMeta } from '../commands/request-meta.js';
import { CalculateFees } from '../queries/calculate-fees.js';
import { GetPaymentEvents } from '../queries/get-payment-events.js';
import { GetPaymentProof } from '../queries/get-payment-proof.js';
import { GetTransaction } from '../queries/get-transaction.js';
import { CalculateFeesDto } from './calculate-fees.dto.js';
import { CorrelationId, Meta } from './meta.js';
import {
  CalculatedFeesView,
  HistoryView,
  ProcessedPaymentView,
  ProofView,
  TransactionStatusView,
} from './payments-v1.view.js';
import { ApiAccessToken, ApiScreeningErrors, ApiSettled } from './payment-answers.js';
import { ApiPaymentId } from './payment-id.js';
import { presentFees, presentHistory, presentProof, presentTransaction } from './present.js';
import { ProcessPaymentDto } from './process-payment.dto.js';

@ApiTags('Payments')
@Controller('api/v1/payments')
export class PaymentsV1Controller {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('process')
  @RateLimit('payments.process', 20)
  @ApiOperation({
    summary: 'Buy tickets of an event',
    description:
      'A buyer who is in doubt is sent to 3-D Secure; a card that does not support it cannot be forced, and is charged without. A purchase that a person has to look at is only authorized (202, `in_review`), whatever `captureMethod` says.',
  })
  @ApiIdempotent()
  @ApiAccessToken()
  @ApiSettled(ProcessedPaymentView)
  @ApiCommonErrors()
  @ApiScreeningErrors()
  @ApiErrors('PAYMENT_FAILED', 'NOT_FOUND', 'PRICE_CHANGED', 'SOLD_OUT', 'SEAT_TAKEN')
  @ApiErrors(
    'QUOTE_EXPIRED',
    'QUOTE_MISMATCH',
    'ORDER_ALREADY_PAID',
    'EVENT_CANCELLED',
    'VALIDATION_ERROR',
  )
  @ApiErrors('PROVIDER_UNAVAILABLE', 'TICKET_SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  process(@Body() body: ProcessPaymentDto, @Meta() meta: RequestMeta) {
    return this.commands.execute(new ProcessPayment(body, meta));
  }

  @Post('calculate-fees')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a purchase would cost, and a quote that holds the price',
    description:
      'Buyers pay the gas of the fee schedule (`fees.gasEstimate`). `gasEstimates` is what minting would cost the platform on each chain at this moment, not older than 30 seconds unless `stale`; a chain that has never answered is left out.',
  })
  @ApiOkResponse({ type: CalculatedFeesView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'PRICE_CHANGED', 'VALIDATION_ERROR', 'TICKET_SERVICE_UNAVAILABLE')
  async calculateFees(@Body() body: CalculateFeesDto, @CurrentPrincipal() principal: Principal) {
    return presentFees(await this.queries.execute(new CalculateFees(principal, body)));
  }

  @Get('transaction/:transactionId')
  @ApiPaymentId('transactionId')
  @ApiOperation({
    summary: 'A payment and the state of its tokens',
    description:
      'A ticket becomes one token, on the chain that `nftStatus.blockchain` names. `nftStatus.status` is `not_configured` where there is none, `awaiting_payment` and `queued` before minting has begun.',
  })
  @ApiOkResponse({ type: TransactionStatusView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND')
  async transaction(
    @Param('transactionId', ParseUUIDPipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ) {
    return presentTransaction(await this.queries.execute(new GetTransaction(principal, id)));
  }

  @Get('transaction/:transactionId/events')
  @ApiPaymentId('transactionId')
  @ApiOperation({ summary: 'Everything that happened to a payment, in order' })
  @ApiOkResponse({ type: HistoryView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND')
  async events(
    @Param('transactionId', ParseUUIDPipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ) {
    return presentHistory(await this.queries.execute(new GetPaymentEvents(principal, id)));
  }

  @Get('transaction/:transactionId/proof')
  @ApiPaymentId('transactionId')
  @ApiOperation({ summary: 'Every posting of a payment, and that they sum to zero' })
  @ApiOkResponse({ type: ProofView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND')
  async proof(
    @Param('transactionId', ParseUUIDPipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ) {
    return presentProof(await this.queries.execute(new GetPaymentProof(principal, id)));
  }

  @Post('transaction/:transactionId/confirm')
  @ApiPaymentId('transactionId')
  @ApiOperation({ summary: "After the buyer's action (3-D Secure): how did it go?" })
  @ApiSettled(ProcessedPaymentView)
  @ApiCommonErrors()
  @ApiErrors('PAYMENT_FAILED', 'NOT_FOUND')
  confirm(
    @Param('transactionId', ParseUUIDPipe) id: string,
    @CurrentPrincipal() principal: Principal,
    @CorrelationId() correlationId: string,
  ) {
    return this.commands.execute(new ConfirmPayment(principal, id, correlationId));
  }
}
