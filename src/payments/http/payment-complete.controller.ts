import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, IsUUID, Length, Matches } from 'class-validator';
import { CurrentService, type InternalCaller, InternalOnly } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors, NotRateLimited } from '../../kernel/http/index.js';
import { BindOrder } from '../commands/bind-order.js';
import { CorrelationId } from './meta.js';
import { TransactionView } from './payments-v1.view.js';

class PaymentCompleteDto {
  @ApiProperty({ example: 'order_123', maxLength: 64 })
  @IsString()
  @Length(1, 64)
  @Matches(/^[\w.:-]+$/, { message: 'must be an order id' })
  orderId: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID('all')
  paymentId: string;
}

class BoundOrderView {
  @ApiProperty({ example: true }) success: boolean;
  @ApiProperty({ example: 'order_123' }) orderId: string;
  @ApiProperty({ format: 'uuid' }) paymentId: string;
  @ApiProperty({ type: TransactionView }) transaction: TransactionView;
}

@ApiTags('Internal')
@InternalOnly()
@Controller('internal')
export class PaymentCompleteController {
  constructor(private readonly commands: CommandBus) {}

  @Post('payment-complete')
  @NotRateLimited()
  @HttpCode(200)
  @ApiOperation({ summary: 'Bind a paid payment to its order' })
  @ApiOkResponse({ type: BoundOrderView })
  @ApiCommonErrors()
  @ApiErrors('NOT_FOUND', 'PAYMENT_STATE_CONFLICT', 'ORDER_MISMATCH', 'VALIDATION_ERROR')
  complete(
    @Body() { orderId, paymentId }: PaymentCompleteDto,
    @CurrentService() caller: InternalCaller,
    @CorrelationId() correlationId: string,
  ) {
    return this.commands.execute(
      new BindOrder(caller, orderId, paymentId.toLowerCase(), correlationId),
    );
  }
}
