import { ApiProperty } from '@nestjs/swagger';
import { DecisionSummaryView } from '../../fraud/fraud.contract.js';

export class ReviewView {
  @ApiProperty({ format: 'uuid' }) paymentId: string;
  @ApiProperty({ format: 'uuid' }) userId: string;
  @ApiProperty({ format: 'uuid' }) venueId: string;
  @ApiProperty({ format: 'uuid' }) eventId: string;
  @ApiProperty({ type: 'integer', description: 'Cents held at the bank', example: 11845 })
  amountCharged: number;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty({ type: 'integer', example: 2 }) tickets: number;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ type: DecisionSummaryView, nullable: true }) check: DecisionSummaryView | null;
}

export class ReviewsView {
  @ApiProperty({ type: [ReviewView] }) reviews: ReviewView[];
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  nextCursor: string | null;
}
