import { ApiProperty } from '@nestjs/swagger';

class CancellationCountsView {
  @ApiProperty({ type: 'integer', example: 12 }) queued: number;
  @ApiProperty({ type: 'integer', example: 0 }) waiting_for_funds: number;
  @ApiProperty({ type: 'integer', example: 88 }) refunded: number;
  @ApiProperty({ type: 'integer', example: 3 }) nothing_due: number;
  @ApiProperty({ type: 'integer', example: 0 }) failed: number;
}

class CancellationFailureView {
  @ApiProperty({ format: 'uuid' }) paymentId: string;
  @ApiProperty({ example: 'charge_disputed' }) reason: string;
}

/** How far a cancelled event's refunds are. */
export class EventCancellationView {
  @ApiProperty({ format: 'uuid' }) eventId: string;
  @ApiProperty({ format: 'uuid' }) venueId: string;
  @ApiProperty({ enum: ['running', 'waiting_for_funds', 'completed'] }) status: string;
  @ApiProperty({ type: String, nullable: true, example: 'The venue is flooded' })
  reason: string | null;
  @ApiProperty({ example: true }) refundFees: boolean;
  @ApiProperty({ format: 'uuid' }) requestedBy: string;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) completedAt: string | null;
  @ApiProperty({ type: CancellationCountsView }) counts: CancellationCountsView;
  @ApiProperty({ type: 'integer', description: 'Cents', example: 961_400 }) refundedCents: number;
  @ApiProperty({ type: [CancellationFailureView], description: 'The first 100' })
  failures: CancellationFailureView[];
}
