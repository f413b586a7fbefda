import { ApiProperty } from '@nestjs/swagger';
import { TransactionView } from './payments-v1.view.js';

class RefundView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: 'integer', description: 'Cents', example: 5463 }) amount: number;
  @ApiProperty({ enum: ['pending', 'completed', 'failed'], example: 'completed' }) status: string;
  @ApiProperty({ enum: ['request', 'cancellation', 'late', 'provider'] }) origin: string;
  @ApiProperty({ type: String, nullable: true, example: 'Customer requested cancellation' })
  reason: string | null;
  @ApiProperty({ type: [String], format: 'uuid' }) ticketIds: string[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Of which lines, in cents',
    example: { tickets: 5000, 'tax:US-TN:state': 350, 'tax:US-TN-DAVIDSON:local': 113 },
  })
  parts: Record<string, number>;
  @ApiProperty({ type: String, nullable: true, example: 're_3Q…' }) stripeRefundId: string | null;
}

export class RefundedPaymentView {
  @ApiProperty({ example: true }) success: boolean;
  @ApiProperty({ type: RefundView }) refund: RefundView;
  @ApiProperty({ format: 'uuid' }) paymentId: string;
  @ApiProperty({ description: "The payment's state", example: 'partially_refunded' })
  status: string;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty({
    type: 'integer',
    description: 'What the policy still lets back, in cents',
    example: 5462,
  })
  refundableCents: number;
}

export class ChangedPaymentView {
  @ApiProperty({ example: true }) success: boolean;
  @ApiProperty({ type: TransactionView }) transaction: TransactionView;
}
