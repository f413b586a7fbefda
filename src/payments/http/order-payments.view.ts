import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { TicketView } from './payments-v1.view.js';

const STATUS = { enum: ['SUCCESS', 'PENDING', 'FAILED', 'REFUNDED', 'CANCELLED'] };

export class OrderPaymentView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: String, nullable: true, example: 'order_123' }) orderId: string | null;
  @ApiProperty({ format: 'uuid' }) userId: string;
  @ApiProperty({ type: 'integer', description: 'What is charged, in cents', example: 23790 })
  amount: number;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty(STATUS) status: string;
  @ApiProperty({ example: 'stripe' }) paymentMethod: string;
  @ApiProperty({ type: String, nullable: true, example: 'pi_3Q…' }) transactionId: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Event ticket purchase' })
  description: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) failureReason: string | null;
  @ApiProperty({ type: 'integer', example: 0 }) refundedAmount: number;
  @ApiProperty({
    type: 'integer',
    description: 'What the policy lets back, in cents',
    example: 21950,
  })
  refundableCents: number;
  @ApiProperty({ type: [TicketView] }) tickets: TicketView[];
  @ApiProperty({
    description: 'Purchase limits that were not applied. An order has no billing address.',
    enum: ['payment_method', 'address'],
    isArray: true,
    example: ['address'],
  })
  skippedLimits: string[];
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

export class ChargedOrderView {
  @ApiProperty({ example: true }) success: boolean;
  @ApiProperty({ type: OrderPaymentView }) payment: OrderPaymentView;
  @ApiPropertyOptional({ description: 'With a 3-D Secure card', example: 'pi_3Q…_secret_…' })
  clientSecret?: string;
}

class ListedPaymentView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: String, nullable: true, example: 'order_123' }) orderId: string | null;
  @ApiProperty({ format: 'uuid' }) userId: string;
  @ApiProperty({ format: 'uuid' }) eventId: string;
  @ApiProperty({ format: 'uuid' }) venueId: string;
  @ApiProperty({ type: 'integer', example: 23790 }) amount: number;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty(STATUS) status: string;
  @ApiProperty({ example: 'stripe' }) paymentMethod: string;
  @ApiProperty({ type: String, nullable: true, example: 'pi_3Q…' }) transactionId: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

class PaginationView {
  @ApiProperty({ type: 'integer', example: 1 }) page: number;
  @ApiProperty({ type: 'integer', example: 10 }) limit: number;
  @ApiProperty({ type: 'integer', example: 42 }) total: number;
  @ApiProperty({ type: 'integer', example: 5 }) totalPages: number;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) nextCursor: string | null;
}

export class PaymentPageView {
  @ApiProperty({ type: [ListedPaymentView] }) payments: ListedPaymentView[];
  @ApiProperty({ type: PaginationView }) pagination: PaginationView;
}

class CountView {
  @ApiProperty({ type: 'integer', example: 12 }) count: number;
  @ApiProperty({ type: 'integer', description: 'Captured cents', example: 142140 }) amount: number;
}

class StatusCountsView {
  @ApiProperty({ type: CountView }) SUCCESS: CountView;
  @ApiProperty({ type: CountView }) PENDING: CountView;
  @ApiProperty({ type: CountView }) FAILED: CountView;
  @ApiProperty({ type: CountView }) REFUNDED: CountView;
  @ApiProperty({ type: CountView }) CANCELLED: CountView;
}

class PeriodView {
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) from: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) to: string | null;
}

export class StatisticsView {
  @ApiProperty({ type: 'integer', example: 12 }) totalPayments: number;
  @ApiProperty({ type: 'integer', description: 'Captured cents', example: 142140 })
  totalAmount: number;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty({ type: StatusCountsView }) byStatus: StatusCountsView;
  @ApiProperty({ type: PeriodView }) period: PeriodView;
}
